import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares in a time that tells nothing about where, or how long, the two are. */
export function isSameSecret(given: string, known: string): boolean {
  return timingSafeEqual(digest(given), digest(known));
}

/** Both halves are always compared: a wrong id takes as long as a wrong secret. */
export function isSamePair(given: Credentials, known: Credentials): boolean {
  const sameId = isSameSecret(given.id, known.id);
  const sameSecret = isSameSecret(given.secret, known.secret);
  return sameId && sameSecret;
}

export interface Credentials {
  readonly id: string;
  readonly secret: string;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
