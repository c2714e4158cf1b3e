import type { CallEnd, CallOutcome } from './call-outcome.ts';
import type { FaultCode } from './faults.ts';
import { scrub } from './scrub.ts';

/**
 * Judges how a call ended: the only place that does. The first line of `table` that fits decides. A definite verdict
 * needs positive recognition; everything else is `ambiguous`, which is a doubt on alta lead (API_NO_ANSWER). Client data
 * and update lead may be asked again (API_UNAVAILABLE); that is the use case's decision, not made here.
 */
export function classifyCall<A>(end: CallEnd<A>): CallOutcome<A> {
  return pronounce(lineFor(end).verdict, end);
}

/** Which line of the table decides. */
export function endingOf(end: CallEnd<unknown>): Ending {
  return lineFor(end).ending;
}

type End = CallEnd<unknown>;

type Verdict =
  | { readonly kind: 'answered' | 'refused' | 'withheld' | 'not_sent' | 'try_later' }
  | { readonly kind: 'halted' | 'inconclusive'; readonly code: FaultCode }
  /** Without a code: by endpoint. */
  | { readonly kind: 'ambiguous'; readonly code?: FaultCode };

interface Line {
  readonly ending: string;
  readonly fits: (end: End) => boolean;
  readonly verdict: Verdict;
}

/** 5xx, 408, 202 and 204 without an answer, truncated, garbled, HTML, a foreign 4xx. */
const anythingElse = {
  ending: 'anything else',
  fits: () => true,
  verdict: { kind: 'ambiguous' },
} as const satisfies Line;

const table = [
  // Nothing of the request has left: whatever went wrong, nothing was created.
  {
    ending: 'never written: kept back by us',
    fits: (end) => isUnsent(end) && end.withheld,
    verdict: { kind: 'withheld' },
  },
  {
    ending: 'never written: a certificate is not trusted',
    fits: (end) => isUnsent(end) && end.certificate,
    verdict: { kind: 'halted', code: 'API_HALTED_CERTIFICATE' },
  },
  {
    // A status without a request is the token endpoint's, which says 400 for wrong credentials too, or the proxy's.
    ending: 'never written: token endpoint or proxy says 400, 401, 403 or 407',
    fits: (end) => isUnsent(end) && has(end, 400, 401, 403, 407),
    verdict: { kind: 'halted', code: 'API_HALTED_CREDENTIALS' },
  },
  { ending: 'never written: anything else', fits: isUnsent, verdict: { kind: 'not_sent' } },

  // The mark tells whose program answered and not whose tables it writes: an API that grew out of our sandbox may have
  // left it on. So a create that the unmarked answer would not disprove is a doubt and no "not applied".
  {
    ending: 'sandbox in production: alta lead may have been carried out',
    fits: (end) => end.sandbox === true && mayHaveCreated({ ...end, sandbox: false }),
    verdict: { kind: 'ambiguous', code: 'API_IS_SANDBOX' },
  },
  {
    ending: 'sandbox in production: anything else',
    fits: (end) => end.sandbox === true,
    verdict: { kind: 'halted', code: 'API_IS_SANDBOX' },
  },

  // Reset, FIN, silence, an aborted call, an answer that is no HTTP: a request in a kernel's buffer may still arrive.
  { ending: 'no status', fits: (end) => end.httpStatus === null, verdict: { kind: 'ambiguous' } },
  // "Exists already" may speak of our own earlier attempt.
  {
    ending: '409 of alta lead',
    fits: (end) => isAlta(end) && has(end, 409),
    verdict: { kind: 'ambiguous', code: 'API_CONFLICT' },
  },
  // Before every other status: a row that goes back to waiting beside a leadId would be sent twice.
  { ending: 'alta lead with a leadId', fits: (end) => isAlta(end) && isAnswer(end), verdict: { kind: 'answered' } },
  // Servers redirect so after a POST that they carried out; 307 and 308 say that nothing was done.
  {
    ending: '301, 302 or 303 of alta lead',
    fits: (end) => isAlta(end) && has(end, 301, 302, 303),
    verdict: { kind: 'ambiguous' },
  },
  // Asked before the content is looked at, and nobody's row is to blame.
  {
    ending: '401, 403 or 407',
    fits: (end) => has(end, 401, 403, 407),
    verdict: { kind: 'halted', code: 'API_HALTED_CREDENTIALS' },
  },
  {
    ending: 'any other 3xx',
    fits: (end) => isStatus(end, 300, 399),
    verdict: { kind: 'halted', code: 'API_HALTED_REDIRECT' },
  },
  { ending: '425 or 429', fits: (end) => has(end, 425, 429), verdict: { kind: 'try_later' } },
  {
    ending: '503 with Retry-After',
    fits: (end) => has(end, 503) && end.retryAfterMs !== null,
    verdict: { kind: 'try_later' },
  },
  // Gateways report them as 500 too, before the API has seen anything.
  { ending: 'a gateway out of quota', fits: isOutOfQuota, verdict: { kind: 'try_later' } },
  { ending: '2xx with an answer', fits: (end) => isSuccess(end) && isAnswer(end), verdict: { kind: 'answered' } },

  // A deployment's own words, in the configuration's reading. Not for the statuses that leave open who is speaking.
  {
    ending: 'a message that is configured as final',
    fits: (end) => isForeseen(end, 'final'),
    verdict: { kind: 'refused' },
  },
  {
    ending: 'a message that is configured as retry',
    fits: (end) => isForeseen(end, 'retry'),
    verdict: { kind: 'try_later' },
  },
  {
    ending: 'a status that is configured as final',
    fits: ({ knownStatus }) => knownStatus === 'final',
    verdict: { kind: 'refused' },
  },
  {
    ending: 'a status that is configured as retry',
    fits: ({ knownStatus }) => knownStatus === 'retry',
    verdict: { kind: 'try_later' },
  },

  {
    ending: 'KO of client data',
    fits: (end) => isClientData(end) && end.body.kind === 'ko',
    verdict: { kind: 'inconclusive', code: 'API_KO' },
  },
  {
    ending: '2xx of client data about another NIF',
    fits: (end) => isClientData(end) && isSuccess(end) && isMismatch(end),
    verdict: { kind: 'inconclusive', code: 'API_ANSWER_MISMATCH' },
  },
  {
    ending: '2xx of client data with something missing',
    fits: (end) => isClientData(end) && isSuccess(end) && end.body.kind === 'incomplete',
    verdict: { kind: 'inconclusive', code: 'API_ANSWER_INCOMPLETE' },
  },
  // The API says so itself, and names no lead.
  {
    ending: '2xx or 4xx with a KO or a refusal',
    fits: (end) => speaksForItself(end) && (end.body.kind === 'ko' || end.body.kind === 'refusal'),
    verdict: { kind: 'refused' },
  },
  // Not in the API's words: a server or proxy that knows no such endpoint.
  {
    ending: '404 or 405 in no words of the API',
    fits: (end) => has(end, 404, 405),
    verdict: { kind: 'halted', code: 'API_HALTED_PATH' },
  },
  {
    ending: '2xx of update lead about another lead',
    fits: (end) => isSuccess(end) && isMismatch(end),
    verdict: { kind: 'ambiguous', code: 'API_ANSWER_MISMATCH' },
  },
  anythingElse,
] as const satisfies readonly Line[];

/** The names of the table's lines, in their order. */
export type Ending = (typeof table)[number]['ending'];
export const endings: readonly Ending[] = table.map(({ ending }) => ending);

function lineFor(end: End): (typeof table)[number] {
  return table.find(({ fits }) => fits(end)) ?? anythingElse;
}

function pronounce<A>(verdict: Verdict, end: CallEnd<A>): CallOutcome<A> {
  const { body } = end;
  const message = 'message' in body ? scrub(body.message) : null;
  switch (verdict.kind) {
    case 'answered':
      if (body.kind !== 'answer') throw new Error('an ending without an answer was judged answered');
      return { kind: 'answered', answer: body.answer };
    case 'refused':
      return { kind: 'refused', code: 'API_REFUSED', message };
    case 'inconclusive':
      return { kind: 'inconclusive', code: verdict.code, message };
    case 'withheld':
    case 'not_sent':
      return { kind: 'not_sent', code: 'API_NOT_SENT', withheld: verdict.kind === 'withheld' };
    case 'try_later':
      return { kind: 'try_later', code: 'API_TRY_LATER', afterMs: end.retryAfterMs };
    case 'halted':
      return { kind: 'halted', code: verdict.code };
    case 'ambiguous': {
      const code = verdict.code ?? (isAlta(end) ? 'API_NO_ANSWER' : 'API_UNAVAILABLE');
      return mayRepeat(end, code) ? { kind: 'ambiguous', code, mayRepeat: true } : { kind: 'ambiguous', code };
    }
  }
}

function isUnsent({ evidence }: End): boolean {
  return evidence === 'never_written';
}

function isAlta({ endpoint }: End): boolean {
  return endpoint === 'altaLead';
}

function isClientData({ endpoint }: End): boolean {
  return endpoint === 'clientData';
}

function isAnswer({ body }: End): boolean {
  return body.kind === 'answer';
}

function isMismatch({ body }: End): boolean {
  return body.kind === 'incomplete' && body.mismatch;
}

function has({ httpStatus }: End, ...statuses: readonly number[]): boolean {
  return httpStatus !== null && statuses.includes(httpStatus);
}

function isStatus({ httpStatus }: End, from: number, to: number): boolean {
  return httpStatus !== null && httpStatus >= from && httpStatus <= to;
}

function isSuccess(end: End): boolean {
  return isStatus(end, 200, 299);
}

/** A 408 is written by whoever lost patience on the way, a 5xx may come after the work was done. */
function speaksForItself(end: End): boolean {
  return isSuccess(end) || (isStatus(end, 400, 499) && !has(end, 408));
}

function isForeseen(end: End, verdict: 'final' | 'retry'): boolean {
  const { body } = end;
  return body.kind === 'foreseen' && body.verdict === verdict && (speaksForItself(end) || isClientData(end));
}

function isOutOfQuota({ body }: End): boolean {
  return body.kind === 'gateway' && /QuotaViolation|SpikeArrest/i.test(body.errorcode);
}

function mayHaveCreated(end: End): boolean {
  const { kind } = lineFor(end).verdict;
  return isAlta(end) && (kind === 'answered' || kind === 'ambiguous');
}

/** A sandbox in production says nothing about what the API itself does with a key. */
function mayRepeat(end: End, code: FaultCode): boolean {
  return end.keyHonoured === true && code !== 'API_IS_SANDBOX';
}
