import type { Endpoint } from '../../domain/call-outcome.ts';
import type { CallResult } from './leads-api.ts';
import type { LedgerRow, Step } from './row.ts';

/** May the call of a row begin? */
export type Admission =
  | { readonly kind: 'go' }
  /** The row is the probe of an outage, and a create is none: its client check is asked again first. */
  | { readonly kind: 'ask_first' }
  /** An outage, a halt or a pause. The row stays as it is and due; it goes on when that is over. */
  | { readonly kind: 'stopped' };

export interface EndedCall {
  readonly row: LedgerRow;
  readonly endpoint: Endpoint;
  /** Whom a client check asked about. It is counted in memory and goes nowhere. */
  readonly subject: string;
  readonly result: CallResult<unknown>;
}

/** What a call's end says about the account. */
export interface NotedEnd {
  /** It ended so because of an outage: no row is to blame, and no try is used. */
  readonly isOutage: boolean;
  /** Writes down what follows for the account (a breaker, a halt); asks the ledger nothing on an ordinary day. */
  tell(): Promise<void>;
}

/**
 * One process's view of what may go to the API account. It spares calls that the ledger would refuse, takes probes,
 * counts how calls end and opens the breaker for all. The ledger alone decides: see AccountLedger.
 */
export interface Traffic {
  /** Before a row's call takes its place at the gate. May take the probe for it. */
  admit(row: LedgerRow, step: Step): Promise<Admission>;
  ended(call: EndedCall): NotedEnd;
  /** The row's job is over: a probe that it took and did not use goes to another. */
  giveBack(rowId: string): Promise<void>;
  /** Takes a retry out of the partner's budget; answers how long it waits beyond its own back-off, in milliseconds. */
  planRetry(partner: string): number;
  /** Calls a second at present: the configured ones, or fewer while the rate climbs after an outage. 0: no limit. */
  ratePerSecond(): number;
}
