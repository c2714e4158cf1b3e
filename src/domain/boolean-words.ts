/** What exports write for yes and no, folded, in Spanish and English. Consent is read by these unless a partner has lists of its own. */
export const yesWords: readonly string[] = ['si', 's', 'yes', 'y', 'true', 'verdadero', '1'];
export const noWords: readonly string[] = ['no', 'n', 'false', 'falso', '0'];

/** `'true'` or `'false'` for a folded word of either list, else null. */
export function booleanOf(folded: string): 'true' | 'false' | null {
  if (yesWords.includes(folded)) return 'true';
  return noWords.includes(folded) ? 'false' : null;
}
