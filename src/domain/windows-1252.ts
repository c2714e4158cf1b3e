/** The characters at 0x80 to 0x9f; a hole stands for none. */
const high = '€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ';
const byteOf = new Map([...high].flatMap((character, at) => (character === '\0' ? [] : [[character, 0x80 + at]])));
/** Seen at once, and no letter of any name. */
const missing = 0x3f;

/** A text as Windows-1252, for programs that know nothing newer. A character that it lacks becomes a question mark. */
export function encodeWindows1252(text: string): Uint8Array {
  const characters = [...text.normalize('NFC')];
  return Uint8Array.from(characters, (character) => {
    const code = character.codePointAt(0) ?? missing;
    if (code < 0x80 || (code >= 0xa0 && code <= 0xff)) return code;
    return byteOf.get(character) ?? missing;
  });
}
