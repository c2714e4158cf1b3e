import type { Ports } from './ports.ts';

const waitAtMostMs = 5 * 60_000;

/**
 * Backstop for an update's wait that nobody ended: the leader wakes updates sooner, when what they wait for has happened.
 * Of one that waits for long already it grows, or a large file's would be looked at over and over while its leads are sent.
 */
export function waitAtMost({ timeScale }: Pick<Ports['settings'], 'timeScale'>, ageMs = 0): number {
  return Math.max(waitAtMostMs * timeScale, ageMs / 2);
}
