import type { CallOutcome, ClientAnswer, Evidence, LeadAnswer, UpdateAnswer } from '../../domain/call-outcome.ts';
import type { LeadFields } from '../../domain/lead.ts';

/** One try at a remote call. The attempt is written down in the ledger before any of the methods below is called. */
export interface Call {
  /** Travels as X-Request-Id. */
  readonly attemptId: string;
  /** Stable for the life of a row, so that a server which honours it sees one request; a read's is its attempt's id. */
  readonly idempotencyKey: string;
  /**
   * Asked in the same tick as the socket write. False: nothing is written and the outcome is `not_sent` with
   * `withheld`. The send budget and shutdown live here.
   */
  readonly maySend: () => boolean;
  readonly signal?: AbortSignal;
}

/** What a call brought back, already classified, and the evidence it was classified by. */
export interface CallResult<A> {
  readonly outcome: CallOutcome<A>;
  readonly evidence: Evidence;
  readonly httpStatus: number | null;
}

/** The Leads Contract API. No method throws for anything that the network or the API does. */
export interface LeadsApi {
  checkClient(nif: string, call: Call): Promise<CallResult<ClientAnswer>>;
  createLead(lead: LeadFields, call: Call): Promise<CallResult<LeadAnswer>>;
  updateLead(
    update: { readonly leadId: string; readonly estado: string; readonly observacion: string },
    call: Call,
  ): Promise<CallResult<UpdateAnswer>>;
  close(): Promise<void>;
}
