import { fold } from './fold.ts';

/** The partner's words and the codes they stand for. */
export type CodeWords = Readonly<Record<string, string>>;

const foldedCodes = new WeakMap<CodeWords, ReadonlyMap<string, string>>();

/** The code that a partner's word stands for. A listed code stands for itself; null for anything else. */
export function codeOf(text: string, words: CodeWords): string | null {
  let codes = foldedCodes.get(words);
  if (codes === undefined) {
    // Codes first: where a word reads like another word's code, the word wins.
    codes = new Map([
      ...Object.values(words).map((code) => [fold(code), code] as const),
      ...Object.entries(words).map(([word, code]) => [fold(word), code] as const),
    ]);
    foldedCodes.set(words, codes);
  }
  return codes.get(fold(text)) ?? null;
}
