/** A NIF as a key: without separators, in capitals. Null for what has not the form of one. */
export function foldedNif(text: string): string | null {
  const folded = text.replaceAll(/[\s./-]/g, '').toUpperCase();
  return isNif(folded) ? folded : null;
}

/** Nine characters: a digit or letter, seven digits, a digit or letter. The control letter is not judged. */
export function isNif(text: string): boolean {
  return /^[0-9A-Z]\d{7}[0-9A-Z]$/i.test(text);
}
