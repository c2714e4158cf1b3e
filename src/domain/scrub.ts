const maxCharacters = 200;

const personal: readonly (readonly [RegExp, string])[] = [
  [/[^\s@<>"',;:()]+@[^\s@<>"',;:()]+/gu, '[e-mail]'],
  // A NIF with its letter in front, behind or both, in any of the ways people punctuate it.
  [/(?<![\p{L}\d])[A-Z]?[\s.-]?\d{1,2}[\s.]?\d{3}[\s.]?\d{2,3}[\s.-]?[A-Z](?![\p{L}\d])/giu, '[NIF]'],
  [/(?<![\p{L}\d])[A-Z][\s.-]?\d{7,8}(?!\d)/giu, '[NIF]'],
  // Phones, and whatever else is as long: eight digits or more with single separators.
  [/(?<!\d)[+(]?\d(?:[\s().\-/]{0,2}\d){7,}/gu, '[number]'],
];

/**
 * An API's message made fit for logs, result files and the queue: what looks like an e-mail, a NIF or a phone is
 * replaced, white space and control characters become single spaces, and 200 characters are kept. Takes too much rather
 * than too little; a name can't be told from other words and stays. Null stays null; nothing left is null.
 */
export function scrub(message: string | null): string | null {
  if (message === null) return null;
  // Cut first, generously, so that a hostile message costs no time; cut again last, so that no half number is left.
  let text = message
    .slice(0, 4 * maxCharacters)
    .normalize('NFKC')
    .replaceAll(/[\p{Z}\p{C}]+/gu, ' ')
    .trim();
  for (const [shape, word] of personal) text = text.replaceAll(shape, word);
  const characters = [...text];
  if (characters.length > maxCharacters) text = `${characters.slice(0, maxCharacters - 1).join('')}…`;
  return text === '' ? null : text;
}
