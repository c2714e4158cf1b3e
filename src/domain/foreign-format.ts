/** The formats that arrive instead of CSV, and what kind of thing each is. */
const kinds = {
  XLSX: 'spreadsheet',
  XLS: 'spreadsheet',
  ODS: 'spreadsheet',
  ZIP: 'packed',
  GZIP: 'packed',
  '7Z': 'packed',
  RAR: 'packed',
  BZIP2: 'packed',
  XZ: 'packed',
  ZSTD: 'packed',
  HTML: 'web_page',
  PGP: 'encrypted',
  XML: 'other',
  JSON: 'other',
  PDF: 'other',
  RTF: 'other',
  DOCX: 'other',
  SQLite: 'other',
  Parquet: 'other',
  PNG: 'other',
  JPEG: 'other',
  GIF: 'other',
  TIFF: 'other',
  WebP: 'other',
  HEIC: 'other',
} as const;

export type ForeignFormat = keyof typeof kinds;

export type ForeignKind = (typeof kinds)[ForeignFormat];

const signatures: readonly (readonly [ForeignFormat, string])[] = [
  ['PDF', '%PDF'],
  ['RTF', '{\\rtf'],
  ['SQLite', 'SQLite format 3\0'],
  ['Parquet', 'PAR1'],
  ['XLS', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'],
  ['GZIP', '\x1f\x8b'],
  ['7Z', '7z\xbc\xaf\x27\x1c'],
  ['RAR', 'Rar!\x1a\x07'],
  ['BZIP2', 'BZh91AY&SY'],
  ['XZ', '\xfd7zXZ\0'],
  ['ZSTD', '\x28\xb5\x2f\xfd'],
  ['PGP', '-----BEGIN PGP MESSAGE'],
  ['PNG', '\x89PNG\r\n\x1a\n'],
  ['JPEG', '\xff\xd8\xff'],
  ['GIF', 'GIF8'],
  ['TIFF', 'II*\0'],
  ['TIFF', 'MM\0*'],
];

/** So many bytes of a file's start are enough. */
export const foreignFormatBytes = 4096;

/** What a file is instead of CSV, by its first bytes and never by its name; null when nothing speaks against CSV. */
export function foreignFormatOf(start: Uint8Array): ForeignFormat | null {
  const bytes = String.fromCharCode(...start.subarray(0, foreignFormatBytes));
  if (bytes.startsWith('PK\u0003\u0004') || bytes.startsWith('PK\u0005\u0006')) return inZip(bytes);
  const found = signatures.find(([, signature]) => bytes.startsWith(signature));
  if (found !== undefined) return found[0];
  if (bytes.startsWith('RIFF') && bytes.startsWith('WEBP', 8)) return 'WebP';
  if (/^ftyp(heic|heix|mif1|avif)/.test(bytes.slice(4))) return 'HEIC';
  return inText(bytes);
}

/** What kind of thing a format is, by the name that `foreignFormatOf` gave it. */
export function kindOfForeign(format: string): ForeignKind {
  return Object.hasOwn(kinds, format) ? kinds[format as ForeignFormat] : 'other';
}

function inZip(bytes: string): ForeignFormat {
  if (bytes.includes('opendocument.spreadsheet')) return 'ODS';
  if (bytes.includes('word/')) return 'DOCX';
  return bytes.includes('xl/') || bytes.includes('[Content_Types].xml') ? 'XLSX' : 'ZIP';
}

function inText(bytes: string): ForeignFormat | null {
  // Behind a byte order mark, and without the zeros of UTF-16: what is looked for is ASCII in every encoding.
  const text = bytes
    .replace(/^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '')
    .replaceAll('\0', '')
    .trimStart();
  // A portal's error or login page, saved under the name of the export.
  if (/^<(!doctype html|html|head|body)\b/i.test(text)) return 'HTML';
  if (/^<\?xml\b/i.test(text)) return 'XML';
  return /^(\{\s*["}]|\[\s*[[{])/.test(text) ? 'JSON' : null;
}
