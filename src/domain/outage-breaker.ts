import type { OutageCause } from './outage-streaks.ts';
import { isProbeDue, isUnderWay, probePauseMs, type Probe } from './probe.ts';

/**
 * The outage breaker of an API account: one for all processes, in the ledger. Every change is a compare-and-set.
 *
 *               a streak (outage-streaks.ts); a person
 *   closed ─────────────────────────────────────────────> open <───────────────────────────────┐
 *     ^                                                    │ its pause is over and a due row     │ no proper answer:
 *     │                                                    │ takes the probe                     │ pause doubled
 *     │   a proper answer to the probe                     v                                     │
 *     ├───────────────────────────────────────────────  probing ─────────────────────────────────┘
 *     │                                                    │ ^   its process died: another row takes it
 *     └──── a person, from open and probing                └─┘
 *
 * Open and probing: no create, no update and no client check leaves but the probe, and no row uses up a try. The probe is
 * a due row's own client check, or an update where no check comes; never a create. Closed, the rate climbs (climb.ts);
 * a breaker that opens again while it climbs goes on with the pauses where they were. What a person has opened has no
 * probe: a person closes it.
 */
export const breakerStates = ['closed', 'open', 'probing'] as const;
export type BreakerState = (typeof breakerStates)[number];

export interface Breaker {
  /** Grows with every change. */
  readonly version: number;
  readonly state: BreakerState;
  /** How long it has been so, open and probing counted as one, and anew from a person's hand. Null: it was never open. */
  readonly forMs: number | null;
  readonly cause: OutageCause | 'person' | null;
  readonly probe: Probe;
}

export type BreakerEvent =
  | { readonly kind: 'streak'; readonly cause: OutageCause; readonly afterMs: number | null }
  | { readonly kind: 'claimed'; readonly row: string; readonly forMs: number }
  | { readonly kind: 'probe_answered'; readonly row: string }
  | { readonly kind: 'probe_failed'; readonly row: string; readonly afterMs: number | null }
  /** It did not come to a call. */
  | { readonly kind: 'probe_returned'; readonly row: string }
  | { readonly kind: 'person_opens' }
  | { readonly kind: 'person_closes' };

/** What the ledger writes: durations count from the moment at which it does. */
export interface BreakerChange {
  readonly state: BreakerState;
  /** The time of this state begins now. Open and probing are one. */
  readonly begins: boolean;
  readonly cause: Breaker['cause'];
  readonly probe: Probe;
}

const noProbe = { inMs: null, row: null, leftMs: 0 } as const;

export interface BreakerPatience {
  readonly firstMs: number;
  readonly mostMs: number;
  /** How long the rate climbs after an outage. */
  readonly climbMs: number;
}

export const breakerPatience: BreakerPatience = { firstMs: 5_000, mostMs: 5 * 60_000, climbMs: 5 * 60_000 };

/** What an event makes of a breaker; null where it changes nothing. */
export function nextBreaker(breaker: Breaker, event: BreakerEvent, patience = breakerPatience): BreakerChange | null {
  const { state, probe, cause } = breaker;
  switch (event.kind) {
    case 'streak':
      if (state !== 'closed') return null;
      return opened(event.cause, isClimbing(breaker, patience.climbMs) ? probe.failed : 0, event.afterMs, patience);
    case 'person_opens':
      if (state !== 'closed' && cause === 'person') return null;
      return { state: 'open', begins: true, cause: 'person', probe: { ...noProbe, failed: 0 } };
    case 'person_closes':
      return state === 'closed' ? null : closed(0);
    case 'claimed':
      if (state === 'closed' || cause === 'person' || !isProbeDue(probe)) return null;
      return { state: 'probing', begins: false, cause, probe: { ...probe, row: event.row, leftMs: event.forMs } };
    case 'probe_answered':
      return isProbeOf(breaker, event.row) ? closed(probe.failed + 1) : null;
    case 'probe_failed':
      if (!isProbeOf(breaker, event.row)) return null;
      return { ...opened(cause, probe.failed + 1, event.afterMs, patience), begins: false };
    case 'probe_returned':
      if (!isProbeOf(breaker, event.row)) return null;
      return { state: 'open', begins: false, cause, probe: { ...noProbe, inMs: 0, failed: probe.failed } };
  }
}

/** Does the breaker let this row's client check or update go? A create never goes as a probe. */
export function isProbeOf({ state, probe }: Breaker, row: string): boolean {
  return state === 'probing' && isUnderWay(probe) && probe.row === row;
}

export function isClimbing({ state, forMs }: Breaker, climbMs: number): boolean {
  return state === 'closed' && forMs !== null && forMs < climbMs;
}

function opened(
  cause: Breaker['cause'],
  failed: number,
  afterMs: number | null,
  patience: BreakerPatience,
): BreakerChange {
  const inMs = Math.max(probePauseMs(patience, failed), afterMs ?? 0);
  return { state: 'open', begins: true, cause, probe: { ...noProbe, inMs, failed } };
}

function closed(failed: number): BreakerChange {
  return { state: 'closed', begins: true, cause: null, probe: { ...noProbe, failed } };
}
