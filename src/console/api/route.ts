import type { z } from 'zod';
import type { Act } from '../../app/ports/held-files.ts';
import type { Caller } from '../door/bearer-gate.ts';
import type { Role } from '../ports.ts';
import type { Refusal, RefusalCode } from './refusal.ts';

/** A path of the API as it is served and described: there is no other list of them. */
export interface Described<Query, Body> {
  readonly method: 'GET' | 'POST';
  /** Below /api, with places in braces. */
  readonly path: string;
  /** What generated clients call it. A promise. */
  readonly id: string;
  readonly area: Area;
  readonly says: string;
  readonly needs: Role;
  /** Of the place in the path. Defaults to a number of the ledger. */
  readonly place?: z.ZodType<string>;
  readonly query?: z.ZodType<Query>;
  readonly body?: z.ZodType<Body>;
  readonly answer: z.ZodType;
  /** Defaults to 200. */
  readonly status?: 200 | 201;
  /** Beside those that every path may answer with. */
  readonly refusals?: readonly RefusalCode[];
  /** Its body is no JSON: text/csv, as it comes. */
  readonly isUpload?: boolean;
  /** Of its body. Defaults to `mostBytes`. */
  readonly mostBytes?: number;
  /** It takes an Idempotency-Key: done twice it would be two things. Its answer is kept, so nothing of a person is in it. */
  readonly takesKey?: boolean;
}

export type Area = 'overview' | 'files' | 'rows' | 'in-doubt' | 'replays' | 'partners' | 'audit' | 'updates';

export interface Asked<Query, Body> {
  /** What stands in the place of the path; '' where it has none. */
  readonly place: string;
  readonly query: Query;
  readonly body: Body;
  readonly caller: Caller;
  /** Who, and the reason that the body gives; '' where it takes none. */
  readonly act: Act;
}

export type ApiEnd = { readonly kind: 'done'; readonly answer: unknown } | Refusal;

export interface Route extends Described<unknown, unknown> {
  handle(asked: Asked<unknown, unknown>): Promise<ApiEnd>;
}

/** What a path is, and what it does. */
export function defineRoute<Query = undefined, Body = undefined>(
  described: Described<Query, Body>,
  handle: (asked: Asked<Query, Body>) => Promise<ApiEnd>,
): Route {
  return { ...described, handle: (asked) => handle(asked as Asked<Query, Body>) } as Route;
}

export function done(answer: unknown): ApiEnd {
  return { kind: 'done', answer };
}
