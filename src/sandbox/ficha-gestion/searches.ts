import { createHmac, randomBytes } from 'node:crypto';

const KEPT = 1_000;
const MAX_LENGTH = 200;

/** What people searched for, a name or a NIF mostly, so that a URL can hold a token instead. */
export interface Searches {
  /** The same text has the same token as long as the sandbox runs. */
  tokenOf(text: string): string;
  /** Null when it is not known any more: the sandbox was started again, or 1,000 later searches have pushed it out. */
  textOf(token: string): string | null;
}

/** Kept in memory alone. */
export function createSearches(): Searches {
  // With a key, or a token could be compared with the tokens of all NIFs.
  const key = randomBytes(32);
  const texts = new Map<string, string>();
  // A Map keeps the order of insertion: the first is the one unused for longest.
  const keep = (token: string, text: string) => {
    texts.delete(token);
    texts.set(token, text);
    const [oldest] = texts.keys();
    if (texts.size > KEPT && oldest !== undefined) texts.delete(oldest);
  };
  return {
    tokenOf(said) {
      const text = said.slice(0, MAX_LENGTH);
      const token = createHmac('sha256', key).update(text).digest('base64url').slice(0, 22);
      keep(token, text);
      return token;
    },
    textOf(token) {
      const text = texts.get(token);
      if (text === undefined) return null;
      keep(token, text);
      return text;
    },
  };
}
