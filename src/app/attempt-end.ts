import type { FaultCode } from '../domain/faults.ts';
import type { AttemptEnd } from './ports/row-moves.ts';
import type { Try } from './in-call-retry.ts';

/** How a try is written down on its attempt. */
export function attemptEndOf<A>({ attemptId, result }: Pick<Try<A>, 'attemptId' | 'result'>): AttemptEnd {
  return {
    attemptId,
    evidence: result.evidence,
    httpStatus: result.httpStatus,
    outcome: result.outcome.kind,
    code: codeOf(result.outcome),
  };
}

function codeOf(outcome: { readonly kind: string; readonly code?: FaultCode }): FaultCode | null {
  return outcome.code ?? null;
}
