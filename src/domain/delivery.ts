import type { FaultCode } from './faults.ts';

/** Something to be told to somebody outside, who may be away: tried again until it has arrived, or is too old. */
export type DeliveryCode = Extract<FaultCode, `DELIVERY_${string}`>;

export type DeliveryOutcome =
  | { readonly kind: 'delivered'; readonly httpStatus?: number | null }
  | {
      readonly kind: 'failed';
      readonly code: DeliveryCode;
      readonly httpStatus: number | null;
      /** The receiver named its own time. */
      readonly retryAfterMs: number | null;
    };

export interface DeliveryLimits {
  /** One that is older is given up. */
  readonly maxAgeMs: number;
  /** Nothing more is sent to a receiver that has been failing for so long; null: it is tried for ever. */
  readonly stopAfterMs: number | null;
}

const hours = 3_600_000;

/**
 * A summary of last night is of no use tomorrow. A file's outcome is: a receiver that has failed for three days is left
 * alone before anything is given up, and what waits for it does not grow old; one file that nothing takes, among others
 * that arrive, is given up after a week.
 */
export const deliveryLimits: Readonly<Record<'night' | 'file', DeliveryLimits>> = {
  night: { maxAgeMs: 24 * hours, stopAfterMs: null },
  file: { maxAgeMs: 168 * hours, stopAfterMs: 72 * hours },
};

const firstBackoffMs = 5_000;
const maxBackoffMs = 1 * hours;

/** When a delivery is tried again; null: never. Doubles from 5 s to an hour, half of it by chance. `random` is in [0, 1). */
export function planDelivery(
  { retryAfterMs }: Extract<DeliveryOutcome, { kind: 'failed' }>,
  { tries, ageMs, maxAgeMs }: { readonly tries: number; readonly ageMs: number; readonly maxAgeMs: number },
  random: number,
): number | null {
  const backoffMs = Math.min(maxBackoffMs, firstBackoffMs * 2 ** Math.min(tries, 20)) * (0.5 + random / 2);
  const delayMs = Math.max(backoffMs, Math.min(retryAfterMs ?? 0, maxBackoffMs));
  return ageMs + delayMs > maxAgeMs ? null : delayMs;
}

/** The receiver is gone for good, or refuses us as such: trying on is of no use to either. */
export function endsAtOnce(code: DeliveryCode): boolean {
  return code === 'DELIVERY_GONE';
}
