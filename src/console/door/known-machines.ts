import { createHmac, randomBytes } from 'node:crypto';
import type { Credentials } from './login.ts';

const rememberedMs = 5 * 60_000;

export interface KnownMachines<T> {
  /** Who showed these very credentials a moment ago; null: nobody. */
  find(given: Credentials): T | null;
  remember(given: Credentials, who: T): void;
}

/**
 * Machines come every few seconds with the same password, and to judge one takes as long as it is meant to. Kept in memory
 * as a hash under a key that lives as long as this process.
 */
export function rememberMachines<T>(monotonicMs: () => number): KnownMachines<T> {
  const key = randomBytes(32);
  const known = new Map<string, { readonly who: T; readonly until: number }>();
  const hashOf = ({ name, password }: Credentials) =>
    createHmac('sha256', key)
      .update(JSON.stringify([name, password]))
      .digest('base64url');
  return {
    find(given) {
      const found = known.get(hashOf(given));
      return found === undefined || found.until <= monotonicMs() ? null : found.who;
    },
    remember(given, who) {
      for (const [hash, { until }] of known) if (until <= monotonicMs()) known.delete(hash);
      known.set(hashOf(given), { who, until: monotonicMs() + rememberedMs });
    },
  };
}
