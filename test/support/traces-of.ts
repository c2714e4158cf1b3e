/** Every shape in which a value may have got somewhere. */
const shapes: readonly ((value: string) => readonly string[])[] = [
  (value) => [value],
  // A separator somewhere else than in the original.
  (value) =>
    /^\d{7,}$/.test(value) ? [value.replace(/^(...)(...)/, '$1 $2 '), value.replace(/^(...)(..)/, '$1 $2 ')] : [],
  (value) => [encodeURIComponent(value), percentEncoded(value)],
  (value) => [Buffer.from(value).toString('hex'), Buffer.from(value, 'utf16le').toString('hex')],
  (value) => [0, 1, 2].map((offset) => inBase64(value, offset)),
  (value) => [0, 1, 2].map((offset) => inBase64(value, offset).replaceAll('+', '-').replaceAll('/', '_')),
  // As JSON and as the monitor of Redis may write what is not ASCII.
  (value) => [
    value.replaceAll(/[^\x20-\x7e]/gu, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`),
  ],
  (value) => [[...Buffer.from(value)].map(asByte).join('')],
  (value) => [Buffer.from(value).toString('latin1')],
];

/** Which of these values stand in a text, in whatever shape and case. */
export function tracesOf(values: readonly string[], text: string): readonly string[] {
  const folded = text.toLowerCase();
  return values.flatMap((value) => {
    const shape = shapes.flatMap((of) => of(value)).find((one) => folded.includes(one.toLowerCase()));
    return shape === undefined ? [] : [shape === value ? value : `${value} as ${shape}`];
  });
}

/** What stands of a value in base64 wherever it begins, without the letters that its neighbours have a share in. */
function inBase64(value: string, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)])
    .toString('base64')
    .replaceAll('=', '');
  const first = Math.ceil((offset * 8) / 6);
  const whole = Math.floor(((offset + Buffer.byteLength(value)) * 8) / 6);
  return encoded.slice(first, whole);
}

function percentEncoded(value: string): string {
  return [...Buffer.from(value)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

function asByte(byte: number): string {
  return byte > 0x7e ? `\\x${byte.toString(16)}` : String.fromCharCode(byte);
}
