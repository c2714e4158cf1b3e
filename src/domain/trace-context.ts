/** Where a trace begins, by the W3C's Trace Context: 32 and 16 hex digits. */
export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
  /** Its spans are sent; the same for all processes that have the same share. */
  readonly isSampled: boolean;
}

/**
 * The trace of a row or a file, out of a SHA-256 in hex of its name: whoever meets the row finds the same trace without having
 * been told. `share` of all are sampled, from 0 to 1.
 */
export function traceContextOf(sha256: string, share: number): TraceContext {
  const isSampled = Number.parseInt(sha256.slice(48, 60), 16) < share * 2 ** 48;
  return { traceId: sha256.slice(0, 32), spanId: sha256.slice(32, 48), isSampled };
}

/** As it travels in a `traceparent`. */
export function traceparentOf({ traceId, spanId, isSampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
}
