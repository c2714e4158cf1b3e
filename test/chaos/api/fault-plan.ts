import { createHash } from 'node:crypto';

/** `_before`: the API did nothing. `_after`: it did what it was asked, and the caller can't know. */
const anyCall = [
  'reset_before',
  'fin_before',
  'silent_before',
  'error_500_before',
  'error_503_html_before',
  'garbled_before',
  'rate_limited',
  'unavailable',
  'ko',
  'slow',
] as const;
const writes = [
  'reset_after',
  'fin_after',
  'silent_after',
  'error_500_after',
  'error_503_empty_after',
  'html_after',
  'garbled_after',
  'truncated_after',
  'no_id_after',
  'late_after',
] as const;

/** Only where a run names it: the caller is hung up on, and what it asked is carried out when it has given up. */
const whenNamed = ['gone_then_after'] as const;

export type ApiFault = (typeof anyCall)[number] | (typeof writes)[number] | (typeof whenNamed)[number];

export interface FaultRates {
  readonly check: number;
  readonly write: number;
  /** What writes meet. Defaults to everything but what has to be named. */
  readonly writeFaults?: readonly ApiFault[];
  /** Where writes meet them. Defaults to every path. */
  readonly writePath?: string;
}

/**
 * Which fault meets the nth call about one subject: a pure function of the seed, so that two runs of one seed trouble the
 * same leads in the same way, in whatever order the workers come.
 */
export function faultFor(
  seed: number,
  rates: FaultRates,
  call: { readonly isWrite: boolean; readonly subject: string; readonly nth: number },
): ApiFault | null {
  const digest = createHash('sha256').update(`${seed} ${call.isWrite} ${call.subject} ${call.nth}`).digest();
  const rate = call.isWrite ? rates.write : rates.check;
  if (digest.readUInt32BE(0) / 2 ** 32 >= rate) return null;
  const kinds: readonly ApiFault[] = call.isWrite ? (rates.writeFaults ?? [...anyCall, ...writes]) : anyCall;
  return kinds[digest.readUInt32BE(4) % kinds.length] ?? null;
}
