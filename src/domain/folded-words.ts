import { fold } from './fold.ts';

const sets = new WeakMap<readonly string[], ReadonlySet<string>>();

/** The folded words of a list, computed once a list: the same lists are asked for on every row of a file. */
export function foldedWords(words: readonly string[]): ReadonlySet<string> {
  let set = sets.get(words);
  if (set === undefined) {
    set = new Set(words.map(fold));
    sets.set(words, set);
  }
  return set;
}
