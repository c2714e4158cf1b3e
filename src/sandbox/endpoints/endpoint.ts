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

/** What an endpoint works with: the sandbox's tables and the version of the contract that it speaks. */
export interface Parts {
  readonly pool: Pool;
  readonly contract: LeadsContract;
}

/** One of the three endpoints, without HTTP. A body is parsed JSON or a form, and may be anything. */
export interface SandboxEndpoint {
  readonly path: string;
  /** Whom a request is about, as far as it says so; for faults. Never throws. */
  subject(parts: Parts, body: unknown): Promise<Subject>;
  /** Does the work, once per request: nothing here recognises a repetition, as the real API doesn't either. */
  answer(parts: Parts, body: unknown, ids: RequestIds): Promise<Reply>;
}

/** A field of an alta lead body, wrong or not, by our name of it. Null unless it is text. */
export function leadText({ leadFields }: LeadsContract, body: unknown, name: string): string | null {
  const field = leadFields.find((one) => one.name === name);
  return textIn(body, field?.wireName ?? name);
}

/** A text of a body by its name there. Null for anything else. */
export function textIn(body: unknown, name: string): string | null {
  if (typeof body !== 'object' || body === null) return null;
  const value: unknown = (body as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value : null;
}
