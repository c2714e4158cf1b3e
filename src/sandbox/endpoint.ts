import type { Pool } from 'pg';
import type { Subject } from './faults.ts';

/** Ids of a request, kept beside what it did: the evidence of who created what. */
export interface RequestIds {
  readonly requestId: string | null;
  readonly idempotencyKey: string | null;
}

export interface Reply {
  readonly status: number;
  readonly body: object;
}

/** One of the three endpoints, without HTTP. */
export interface SandboxEndpoint {
  readonly path: string;
  /** Whom a request is about, as far as it says so; for faults. Never throws. */
  subject(pool: Pool, body: Readonly<Record<string, unknown>>): Promise<Subject>;
  /** Does the work, once per request: nothing here recognises a repetition, as the real API doesn't either. */
  answer(pool: Pool, body: Readonly<Record<string, unknown>>, ids: RequestIds): Promise<Reply>;
}

export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
