/** Where no limit is configured the rate climbs to this, which is more than calls take by themselves, and is then free. */
const unlimitedFrom = 1_000;

/**
 * Calls a second, of an account whose breaker closed `closedForMs` ago (null: never). From one a second to the configured
 * rate within `climbMs`, by equal factors: an API that has just come back is met by as few calls as can be, for as long
 * as can be. 0 means no limit, as configured and as answered.
 */
export function climbingRate(configured: number, closedForMs: number | null, climbMs: number): number {
  if (closedForMs === null || closedForMs >= climbMs) return configured;
  const top = configured === 0 ? unlimitedFrom : configured;
  return top <= 1 ? top : top ** (Math.max(0, closedForMs) / climbMs);
}
