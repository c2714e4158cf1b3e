import type { FaultCode } from './faults.ts';

/** How far a request provably got. Never guessed from an error code: ECONNRESET can be any of the first three. */
export type Evidence = 'never_written' | 'maybe_written' | 'response_started' | 'response_complete';

export type Endpoint = 'clientData' | 'altaLead' | 'updateLead';

/** What the contract recognised in an answer's body. Recognition is positive: anything else is `unrecognised`. */
export type RecognisedBody<A> =
  | { readonly kind: 'answer'; readonly answer: A }
  /** The API says that the call met an incident. */
  | { readonly kind: 'ko'; readonly message: string | null }
  /** An error object in the API's own shape: the request was understood and refused. */
  | { readonly kind: 'refusal'; readonly message: string | null }
  /** An API gateway's own `{"fault":{"detail":{"errorcode":…}}}`. */
  | { readonly kind: 'gateway'; readonly errorcode: string }
  /** The right shape with something missing, unreadable or speaking of another subject. */
  | { readonly kind: 'incomplete'; readonly mismatch: boolean }
  /** No success, and its message is one that the configuration has a verdict on (KoMessages). */
  | { readonly kind: 'foreseen'; readonly verdict: 'final' | 'retry'; readonly message: string }
  | { readonly kind: 'unrecognised' };

/**
 * What a deployment is known to mean by its messages, where the specification leaves it open. A message is meant when it
 * contains one of these texts, in any case. Both empty by default.
 */
export interface KoMessages {
  /** The request is refused for what it says: nothing was created, and asking again changes nothing. */
  readonly final: readonly string[];
  /** Nothing was done, and the same request may be carried out later. */
  readonly retry: readonly string[];
}

/** What a deployment is known to mean by an HTTP status that would leave a create in doubt. Both empty by default. */
export interface KnownStatuses {
  /** Refused: nothing was created, and asking again changes nothing. */
  readonly final: readonly number[];
  /** Nothing was done, and the same request may be carried out later. */
  readonly retry: readonly number[];
}

/** How a call ended, before anyone has judged it. */
export interface CallEnd<A> {
  readonly endpoint: Endpoint;
  readonly evidence: Evidence;
  /** Null when no response started. Of a request never written: by which the token endpoint or the proxy refused us. */
  readonly httpStatus: number | null;
  /** From Retry-After, seconds or date, as milliseconds from now. */
  readonly retryAfterMs: number | null;
  readonly body: RecognisedBody<A>;
  /** True when the failure is the certificate's. */
  readonly certificate: boolean;
  /** True when the send budget or shutdown kept the request from leaving: nobody failed, no attempt is used. */
  readonly withheld: boolean;
  /** True when the answer bears our sandbox's mark in an environment where no sandbox may answer. */
  readonly sandbox?: boolean;
  /** What this deployment is known to mean by the status, where the specification leaves it open. Absent: nothing. */
  readonly knownStatus?: keyof KnownStatuses;
  /** True when this deployment is known to carry out one Idempotency-Key once. */
  readonly keyHonoured?: boolean;
}

/** The verdict on a call. `message` is the API's own text, scrubbed of what looks personal. */
export type CallOutcome<A> =
  | { readonly kind: 'answered'; readonly answer: A }
  | { readonly kind: 'refused'; readonly code: FaultCode; readonly message: string | null }
  /** KO or an incomplete answer of the client check: ask again. */
  | { readonly kind: 'inconclusive'; readonly code: FaultCode; readonly message: string | null }
  | { readonly kind: 'not_sent'; readonly code: FaultCode; readonly withheld: boolean }
  | { readonly kind: 'try_later'; readonly code: FaultCode; readonly afterMs: number | null }
  | { readonly kind: 'halted'; readonly code: FaultCode }
  /** `mayRepeat`: the same request under the same Idempotency-Key can't do its work twice. */
  | { readonly kind: 'ambiguous'; readonly code: FaultCode; readonly mayRepeat?: true };

/** What the client check said, in the contract's words. */
export interface ClientAnswer {
  readonly client: boolean;
  readonly partnerManage: boolean;
  readonly agentId: string | null;
  readonly multiAcceso: boolean | null;
  readonly reference: string | null;
}

export interface LeadAnswer {
  readonly leadId: string;
  readonly idLanding: string | null;
  readonly message: string | null;
  /** A leadId with a KO beside it: registered, and an alarm. */
  readonly ko: boolean;
}

export interface UpdateAnswer {
  readonly leadId: string;
  readonly message: string | null;
}
