import type { Pool } from 'pg';
import type { LeadsContract } from '../../contract/leads-contract.ts';
import type { Subject } from '../faults/faults.ts';

/** Ids of a request, kept beside what it did: the evidence of who created what. */
export interface RequestIds {
  readonly requestId: string | null;
  readonly idempotencyKey: string | null;
}

export interface Reply {
  readonly status: number;
  readonly body: object;
}

export type Body = Readonly<Record<string, unknown>>;

/** What an endpoint works with: the sandbox's tables and the version of the contract that it speaks. */
export interface Parts {
  readonly pool: Pool;
  readonly contract: LeadsContract;
}

/** One of the three endpoints, without HTTP. */
export interface SandboxEndpoint {
  readonly path: string;
  /** Whom a request is about, as far as it says so; for faults. Never throws. */
  subject(parts: Parts, body: Body): Promise<Subject>;
  /** Does the work, once per request: nothing here recognises a repetition, as the real API doesn't either. */
  answer(parts: Parts, body: Body, ids: RequestIds): Promise<Reply>;
}

/** A field of an alta lead body, wrong or not, by our name of it. Null unless it is text. */
export function leadText({ leadFields }: LeadsContract, body: Body, name: string): string | null {
  const field = leadFields.find((one) => one.name === name);
  return textOrNull(body[field?.wireName ?? name]);
}

export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
