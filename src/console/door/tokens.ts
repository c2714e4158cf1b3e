import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 bits, base64url. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Under which a session's token is kept. */
export function hashOfToken(token: string): string {
  return digest(`session ${token}`);
}

/**
 * What a form brings along to show that it is of our own page: made of a cookie that no script and no other site can read.
 * Knowing it gives nothing of the cookie away.
 */
export function formTokenOf(cookie: string): string {
  return digest(`form ${cookie}`);
}

/**
 * Tells a user's present credentials from earlier ones, for one session alone: to make it takes the kept password hash, which
 * is in the settings, and the session's token. So whoever can write into the ledger can't begin a session of somebody's by
 * copying what stands in another, and read through the console what the ledger keeps sealed.
 */
export function credentialsOf(user: { readonly name: string; readonly password: string }, token: string): string {
  return createHmac('sha256', user.password)
    .update(JSON.stringify([user.name, token]))
    .digest('base64url');
}

/** In a time that says nothing about where the two differ. */
export function isSameToken(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(digest(one)), Buffer.from(digest(other)));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
