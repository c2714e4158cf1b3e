const marks = /\p{M}+/gu;
const between = /[^\p{L}\p{N}]+/gu;
// Most words of most files; each record has one at least.
const bare = /^[A-Za-z0-9]*$/;

/**
 * The form in which headers and words are compared: no accents, no case, punctuation and spaces collapsed to one
 * space. Text made of punctuation alone keeps itself, so that `-` is not taken for an empty cell.
 */
export function fold(text: string): string {
  if (bare.test(text)) return text.toLowerCase();
  const plain = text.normalize('NFKD').replace(marks, '').toLowerCase();
  const folded = plain.replace(between, ' ').trim();
  return folded === '' ? plain.trim() : folded;
}
