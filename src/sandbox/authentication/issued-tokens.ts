import { createHash, randomBytes } from 'node:crypto';

export interface IssuedToken {
  /** Space-separated, as granted; empty where nothing was asked for. */
  readonly scope: string;
  readonly expiresAtMs: number;
}

/** Opaque tokens and when they end. Kept as hashes: a look-up tells nothing about a token by the time it takes. */
export interface IssuedTokens {
  issue(scope: string): string;
  /** Null: never issued, or ended so long ago that it is forgotten. */
  find(token: string): IssuedToken | null;
}

export function createIssuedTokens(lifeMs: number): IssuedTokens {
  const issued = new Map<string, IssuedToken>();
  return {
    issue(scope) {
      const nowMs = Date.now();
      // They all live equally long, so the oldest come first.
      for (const [hash, { expiresAtMs }] of issued) {
        if (expiresAtMs + lifeMs > nowMs) break;
        issued.delete(hash);
      }
      const token = randomBytes(32).toString('base64url');
      issued.set(hashOf(token), { scope, expiresAtMs: nowMs + lifeMs });
      return token;
    },
    find: (token) => issued.get(hashOf(token)) ?? null,
  };
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
