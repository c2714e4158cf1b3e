import type { ClientAnswer } from '../../domain/call-outcome.ts';
import type { FaultCode } from '../../domain/faults.ts';
import type { RowKind } from '../../domain/file-life.ts';
import type { LeadRowState } from '../../domain/lead-row.ts';
import type { Problem } from '../../domain/problem.ts';
import type { StatusUpdateState } from '../../domain/status-update.ts';

export type RowState = LeadRowState | StatusUpdateState;
export type Step = 'check' | 'create' | 'push';

/** A row as the ledger holds it. Personal data is only in `payload` and `message`, sealed with the key `keyId`. */
export interface LedgerRow {
  readonly id: string;
  readonly kind: RowKind;
  readonly partner: string;
  /** Null: entered by hand. */
  readonly fileId: string | null;
  readonly rowNumber: number | null;
  readonly state: RowState;
  /** What a waiting row waits to do. */
  readonly step: Step | null;
  /** Its file does not let it go now. Told by `WorkLedger.row` alone. */
  readonly isHeldBack?: boolean;
  /** Version of the suppression list when the row was looked at. Told by `WorkLedger.row` alone. */
  readonly suppressions?: number;
  /** The erasure by which it says nothing of a person any more. */
  readonly erasure?: string | null;
  /** Grows with every move. */
  readonly version: number;
  /** Grows with every intent and replay: an answer to an older intent finds it changed. */
  readonly fence: number;
  /** Tries that count against the retry budget of the present step. */
  readonly attempts: number;
  /** Since the present step first met trouble, or since the last outage, halt or pause where that was later. Null: none. */
  readonly tryingForMs: number | null;
  readonly nextAt: Date | null;
  readonly code: FaultCode | null;
  /** Keyed hashes of the lead's identity and of the row's content. Null where the row has none. */
  readonly identity: string | null;
  readonly content: string | null;
  readonly keyId: number;
  readonly payload: Uint8Array;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly duplicateOf: string | null;
  /** An update's lead row, once known. */
  readonly leadRow: string | null;
  readonly leadId: string | null;
  readonly idLanding: string | null;
  readonly clientAnswer: ClientAnswer | null;
  readonly checkedAt: Date | null;
  /** Age of the client check by the database's clock, in milliseconds. */
  readonly checkAgeMs: number | null;
  /** As sent. */
  readonly agenteId: string | null;
  /** The API's scrubbed message, sealed. */
  readonly message: Uint8Array | null;
  readonly holder: string | null;
  readonly attemptId: string | null;
  readonly intentAt: Date | null;
  /** How often the row was taken back to work after a definite end: a new Idempotency-Key each time. */
  readonly replays: number;
  /** The job under which the row ended failed or in doubt … */
  readonly endedJob: string | null;
  /** … and how often BullMQ had redelivered it by then; a person's retry doesn't raise it. */
  readonly redeliveries: number;
  readonly createdAt: Date;
  /** Since then, by the database's clock, in milliseconds. */
  readonly ageMs: number;
  readonly updatedAt: Date;
}

/** What is sealed in a row's payload. */
export interface LeadPayload {
  readonly fields: Readonly<Record<string, string>>;
  readonly partnerLeadId: string | null;
}

export interface UpdatePayload {
  readonly leadId: string | null;
  readonly partnerLeadId: string | null;
  readonly estado: string;
  readonly observacion: string;
  /** Of a mixed file: it is of the lead of its own record, by whatever row that lead is held. */
  readonly isOfRecord?: true;
}
