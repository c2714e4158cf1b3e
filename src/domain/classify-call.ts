import type { CallEnd, CallOutcome, Endpoint } from './call-outcome.ts';
import type { FaultCode } from './faults.ts';
import { scrub } from './scrub.ts';

/**
 * Judges how a call ended: the only place that does. A definite verdict needs positive recognition; everything else is
 * `ambiguous`. Read from the top, the first line that fits decides.
 *
 *   evidence, HTTP        body                           verdict
 *   never written         withheld by us                 not_sent, withheld
 *     "                   certificate not trusted        halted     API_HALTED_CERTIFICATE
 *     "                   400 401 403 407 (the token's)  halted     API_HALTED_CREDENTIALS
 *     "                   anything else                  not_sent   API_NOT_SENT
 *   no response                                          ambiguous
 *   409 on alta           anything                       ambiguous  API_CONFLICT: it may be our own earlier attempt
 *   any status            answer of alta (a leadId)      answered: the lead exists, whatever stands beside it
 *   301 302 303 on alta   anything                       ambiguous: servers redirect so after a POST that they carried out
 *   401 403 407           anything                       halted     API_HALTED_CREDENTIALS
 *   any other 3xx         anything                       halted     API_HALTED_REDIRECT
 *   425 429               anything                       try_later
 *   503 + Retry-After     anything                       try_later
 *   any status            gateway: quota, spike arrest   try_later (gateways report them as 500 too)
 *   2xx                   answer                         answered
 *   any status            ko, of the client check        inconclusive API_KO
 *   2xx                   incomplete, of the check       inconclusive API_ANSWER_INCOMPLETE, _MISMATCH
 *   2xx                   ko or refusal                  refused: the API says so itself, and names no lead
 *   404 405               not recognised                 halted     API_HALTED_PATH
 *   other 4xx but 408     ko or refusal                  refused
 *   anything else         (5xx, 408, 202 and 204 without an answer, truncated, garbled, HTML, a foreign 4xx)
 *                                                        ambiguous
 *
 * `ambiguous` is a doubt on alta lead (API_NO_ANSWER). Client data and update lead may be asked again
 * (API_UNAVAILABLE); that is the use case's decision, not made here.
 */
export function classifyCall<A>(end: CallEnd<A>): CallOutcome<A> {
  if (end.evidence === 'never_written') return classifyUnsent(end);
  const { endpoint, httpStatus: status, body } = end;
  const isAlta = endpoint === 'altaLead';

  if (status === null) return ambiguous(endpoint);
  if (status === 409 && isAlta) return { kind: 'ambiguous', code: 'API_CONFLICT' };
  // Before every other status: a row that goes back to waiting beside a leadId would be sent twice.
  if (isAlta && body.kind === 'answer') return { kind: 'answered', answer: body.answer };

  if (isAlta && [301, 302, 303].includes(status)) return ambiguous(endpoint);
  if ([401, 403, 407].includes(status)) return { kind: 'halted', code: 'API_HALTED_CREDENTIALS' };
  if (status >= 300 && status < 400) return { kind: 'halted', code: 'API_HALTED_REDIRECT' };
  if (asksToComeBack(end, status)) return { kind: 'try_later', code: 'API_TRY_LATER', afterMs: end.retryAfterMs };

  const succeeded = status >= 200 && status < 300;
  const failed = status >= 400 && status < 500 && status !== 408;
  if (succeeded && body.kind === 'answer') return { kind: 'answered', answer: body.answer };
  if (endpoint === 'clientData' && body.kind === 'ko') return inconclusive('API_KO', body.message);
  if (endpoint === 'clientData' && body.kind === 'incomplete' && succeeded) {
    return inconclusive(body.mismatch ? 'API_ANSWER_MISMATCH' : 'API_ANSWER_INCOMPLETE', null);
  }
  if ((body.kind === 'ko' || body.kind === 'refusal') && (succeeded || failed)) {
    return { kind: 'refused', code: 'API_REFUSED', message: scrub(body.message) };
  }
  if (status === 404 || status === 405) return { kind: 'halted', code: 'API_HALTED_PATH' };
  if (succeeded && body.kind === 'incomplete' && body.mismatch) {
    return { kind: 'ambiguous', code: 'API_ANSWER_MISMATCH' };
  }
  return ambiguous(endpoint);
}

function classifyUnsent<A>(end: CallEnd<A>): CallOutcome<A> {
  if (end.withheld) return { kind: 'not_sent', code: 'API_NOT_SENT', withheld: true };
  if (end.certificate) return { kind: 'halted', code: 'API_HALTED_CERTIFICATE' };
  // A status without a request can only be the token endpoint's; it says 400 for wrong credentials too.
  if (end.httpStatus !== null && [400, 401, 403, 407].includes(end.httpStatus)) {
    return { kind: 'halted', code: 'API_HALTED_CREDENTIALS' };
  }
  return { kind: 'not_sent', code: 'API_NOT_SENT', withheld: false };
}

function asksToComeBack<A>(end: CallEnd<A>, status: number): boolean {
  if (status === 425 || status === 429) return true;
  if (status === 503 && end.retryAfterMs !== null) return true;
  return end.body.kind === 'gateway' && /QuotaViolation|SpikeArrest/i.test(end.body.errorcode);
}

function inconclusive(code: FaultCode, message: string | null): CallOutcome<never> {
  return { kind: 'inconclusive', code, message: scrub(message) };
}

function ambiguous(endpoint: Endpoint): CallOutcome<never> {
  return { kind: 'ambiguous', code: endpoint === 'altaLead' ? 'API_NO_ANSWER' : 'API_UNAVAILABLE' };
}
