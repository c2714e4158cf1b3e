import { fold } from './fold.ts';

/** Which words stand in a column. */
export interface WordCounts {
  /** Rows whose word was counted. */
  readonly rows: number;
  /** Most frequent first; empty where the column holds no words, but something that must not be shown. */
  readonly words: readonly { readonly word: string; readonly rows: number }[];
  /** Rows whose value is not among `words`. */
  readonly hidden: number;
}

const mostShown = 20;
const longestWord = 60;
// A list of words is short. A column with more values than that holds names, notes or numbers.
const mostDistinct = 200;

/**
 * Counts the words of a column, those that fold alike as one. A column may be another one than its header says, so a
 * value with a digit, an @ or more than 60 characters is counted and never shown.
 */
export function createWordTally() {
  const counts = new Map<string, { readonly word: string; rows: number }>();
  let rows = 0;
  return {
    add(word: string): void {
      rows++;
      const isWord = !/[\p{N}@]/u.test(word) && word.length <= longestWord;
      if (!isWord) return;
      const folded = fold(word);
      const count = counts.get(folded);
      if (count !== undefined) count.rows++;
      else if (counts.size <= mostDistinct) counts.set(folded, { word, rows: 1 });
    },
    result(): WordCounts {
      const listed = counts.size > mostDistinct ? [] : [...counts.values()];
      const words = listed.toSorted((a, b) => b.rows - a.rows).slice(0, mostShown);
      return { rows, words, hidden: rows - words.reduce((sum, word) => sum + word.rows, 0) };
    },
  };
}
