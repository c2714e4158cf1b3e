import { numberOfHash } from './leads-in-file.ts';

/** Remembers what the file itself has said last of each lead's state, for looks that write nothing down. */
export function createStatesInFile() {
  const saidOf = new Map<number, number>();
  return {
    /** Does this update say what the one before it has said? Null: the file has said nothing of the lead yet. */
    repeats(identity: string, content: string): boolean | null {
      const said = saidOf.get(numberOfHash(identity));
      return said === undefined ? null : said === numberOfHash(content);
    },
    say(identity: string, content: string): void {
      saidOf.set(numberOfHash(identity), numberOfHash(content));
    },
  };
}
