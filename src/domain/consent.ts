import { fold } from './fold.ts';
import { foldedWords } from './folded-words.ts';

export type Consent = 'accepted' | 'refused' | 'blank' | 'unreadable';

/**
 * Reads a consent cell by the partner's two lists and by nothing else: a word in neither is never taken for consent, a
 * word in both is taken as refused.
 */
export function readConsent(
  cell: string,
  words: { readonly accepted: readonly string[]; readonly refused: readonly string[] },
): Consent {
  const word = fold(cell);
  if (word === '') return 'blank';
  if (foldedWords(words.refused).has(word)) return 'refused';
  return foldedWords(words.accepted).has(word) ? 'accepted' : 'unreadable';
}
