import type { Evidence } from './call-outcome.ts';

/** Written by whoever stands before the API and has lost patience with it, or its connection: the API may be at work still. */
const ofAGoBetween: ReadonlySet<number> = new Set([408, 502, 503, 504]);

/**
 * May a request that ended without a clear answer still be carried out, after its sender has given up? Not once the API
 * itself has answered to the end, whatever it said; while it lies in a buffer, or a gateway answered in the API's place,
 * it may, for the quiet period.
 */
export function mayArriveLate(end: { readonly evidence: Evidence; readonly httpStatus: number | null }): boolean {
  if (end.evidence === 'never_written') return false;
  return end.evidence !== 'response_complete' || (end.httpStatus !== null && ofAGoBetween.has(end.httpStatus));
}
