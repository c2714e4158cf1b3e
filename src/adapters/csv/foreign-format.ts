const signatures: readonly (readonly [string, Buffer])[] = [
  ['PDF', Buffer.from('%PDF')],
  ['XLS', Buffer.from('d0cf11e0a1b11ae1', 'hex')],
  ['GZIP', Buffer.from('1f8b', 'hex')],
  ['7Z', Buffer.from('377abcaf271c', 'hex')],
  ['RAR', Buffer.from('Rar!')],
  ['RTF', Buffer.from('{\\rtf')],
];
const zip = Buffer.from('PK\u0003\u0004');

/** What a file is instead of CSV, by its first bytes; null when nothing speaks against CSV. */
export function foreignFormatOf(start: Buffer): string | null {
  if (startsWith(start, zip)) return start.includes('xl/') || start.includes('[Content_Types].xml') ? 'XLSX' : 'ZIP';
  const found = signatures.find(([, signature]) => startsWith(start, signature));
  if (found !== undefined) return found[0];
  // A portal's error page, saved under the name of the export.
  return /^\uFEFF?\s*<(?:!doctype html|html|\?xml)/i.test(start.subarray(0, 200).toString('utf8')) ? 'HTML' : null;
}

function startsWith(bytes: Buffer, signature: Buffer): boolean {
  return bytes.subarray(0, signature.length).equals(signature);
}
