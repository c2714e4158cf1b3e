import type { CallOutcome, ClientAnswer, Endpoint, LeadAnswer, UpdateAnswer } from '../domain/call-outcome.ts';

/** One call and everything that came back. */
export interface Exchange {
  /** The check that it was made for. */
  readonly check: string;
  readonly endpoint: Endpoint;
  /** Null: no answer began. */
  readonly httpStatus: number | null;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON; undefined for anything else. */
  readonly body: unknown;
  readonly text: string;
  /** What leadsync makes of it. */
  readonly outcome: CallOutcome<ClientAnswer | LeadAnswer | UpdateAnswer>;
  /** To the end of the answer. */
  readonly latencyMs: number;
  /** Why there was no whole answer: a code such as ECONNRESET. Null: there was one. */
  readonly failure: string | null;
}

/** The leadId of an alta lead that was answered with one. */
export function leadIdOf({ endpoint, outcome }: Exchange): string | null {
  return endpoint === 'altaLead' && outcome.kind === 'answered' && 'leadId' in outcome.answer
    ? outcome.answer.leadId
    : null;
}

/** What the client check said, where it was answered. */
export function clientAnswerOf({ outcome }: Exchange): ClientAnswer | null {
  return outcome.kind === 'answered' && 'partnerManage' in outcome.answer ? outcome.answer : null;
}

/** Media type without parameters; `no content type` where there is none. */
export function contentTypeOf({ headers }: Exchange): string {
  return headers['content-type']?.split(';')[0]?.trim() ?? 'no content type';
}

/** For people: status, what leadsync makes of it, and the API's own words where it refuses. */
export function describeExchange(exchange: Exchange): string {
  const { outcome } = exchange;
  const message = outcome.kind === 'refused' && outcome.message !== null ? `: “${outcome.message}”` : '';
  return summariseExchange(exchange) + message;
}

/** The same without the API's words. */
export function summariseExchange(exchange: Exchange): string {
  const { httpStatus, outcome, failure } = exchange;
  if (httpStatus === null) return `no answer${failure === null ? '' : ` (${failure})`}`;
  return `HTTP ${httpStatus}, ${verdictOf(exchange)}${outcome.kind === 'answered' ? '' : mediaOf(exchange)}`;
}

function mediaOf(exchange: Exchange): string {
  return exchange.body === undefined ? ` [${contentTypeOf(exchange)}]` : '';
}

function verdictOf(exchange: Exchange): string {
  const { outcome, failure } = exchange;
  const leadId = leadIdOf(exchange);
  switch (outcome.kind) {
    case 'answered':
      return leadId === null ? 'answered' : `lead ${leadId}`;
    case 'refused':
      return 'refused';
    case 'inconclusive':
      return outcome.code === 'API_KO' ? 'KO' : 'an answer that lacks something or speaks of another';
    case 'not_sent':
      return 'nothing was sent';
    case 'try_later':
      return 'asked to come back later';
    case 'halted':
      return haltWords[outcome.code] ?? outcome.code;
    case 'ambiguous':
      return failure === null ? 'not recognised' : `cut off (${failure})`;
  }
}

const haltWords: Readonly<Record<string, string>> = {
  API_HALTED_CREDENTIALS: 'credentials not accepted',
  API_HALTED_REDIRECT: 'a redirect',
  API_HALTED_PATH: 'taken for a wrong path',
  API_HALTED_CERTIFICATE: 'certificate not trusted',
};
