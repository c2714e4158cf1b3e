import iconv from 'iconv-lite';

/** How the characters of an encoding lie in a file. `other` ones have no fixed number of bytes a character. */
type Layout = 'utf-8' | 'utf-16' | 'one byte' | 'other';

export interface TextEncoding {
  /** In lower case, as it is recorded. */
  readonly name: string;
  readonly layout: Layout;
}

const names: Readonly<Record<string, string>> = {
  utf8: 'utf-8',
  ucs2: 'utf-16le',
  utf16: 'utf-16',
  utf16le: 'utf-16le',
  utf16be: 'utf-16be',
  win1252: 'windows-1252',
  cp1252: 'windows-1252',
  windows1252: 'windows-1252',
};

/** An encoding by any of its names; null for one that nobody knows. */
export function textEncoding(name: string): TextEncoding | null {
  if (!iconv.encodingExists(name)) return null;
  const known = names[name.toLowerCase().replace(/[^a-z0-9]/g, '')] ?? name.toLowerCase();
  if (known === 'utf-8') return { name: known, layout: 'utf-8' };
  if (/^utf-16(?:le|be)?$/.test(known)) return { name: known, layout: 'utf-16' };
  return { name: known, layout: layoutOf(known) };
}

const layouts = new Map<string, Layout>();

/** Found out by trying, once for each encoding. */
function layoutOf(name: string): Layout {
  const layout = layouts.get(name) ?? (isOneByte(name) ? 'one byte' : 'other');
  layouts.set(name, layout);
  return layout;
}

/** Whether each byte stands for one character by itself, whatever stands before it. */
function isOneByte(name: string): boolean {
  const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const alone = Array.from(all, (byte) => iconv.decode(Buffer.from([byte]), name, { stripBOM: false }));
  return alone.every((text) => text.length === 1) && iconv.decode(all, name, { stripBOM: false }) === alone.join('');
}

/**
 * How many bytes of the file a stretch of its text takes, given the stretch as UTF-8. NaN where that can't be told. The
 * bytes that begin a character of UTF-8 are counted; four of them are two units of UTF-16.
 */
export function bytesInFile({ layout }: TextEncoding, utf8: Buffer, from: number, to: number): number {
  if (layout === 'utf-8') return to - from;
  if (layout === 'other') return Number.NaN;
  let units = 0;
  for (let at = from; at < to; at++) {
    const byte = utf8[at] ?? 0;
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return layout === 'utf-16' ? units * 2 : units;
}
