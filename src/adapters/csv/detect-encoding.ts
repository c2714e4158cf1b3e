import type { EncodingFinding, EncodingReason } from '../../app/ports/record-reader.ts';
import { decodeText } from './decode-text.ts';
import { createTextDoubts, type TextDoubts } from './doubtful-text.ts';
import type { ByteSource } from './file-bytes.ts';
import { scanBytes, type ByteScan } from './scan-bytes.ts';
import { textEncoding, type TextEncoding } from './text-encoding.ts';

export type DetectedEncoding =
  | {
      readonly kind: 'encoding';
      readonly encoding: TextEncoding;
      readonly finding: EncodingFinding;
      /** Where the text begins, behind its byte order mark. */
      readonly textStart: number;
      /** The physical lines, an upper bound of the records. */
      readonly lines: number;
    }
  | { readonly kind: 'unreadable'; readonly encoding: string }
  | { readonly kind: 'doubtful'; readonly encoding: string; readonly lookalike: string };

const boms: readonly (readonly [string, Buffer])[] = [
  ['utf-8', Buffer.from('efbbbf', 'hex')],
  ['utf-16le', Buffer.from('fffe', 'hex')],
  ['utf-16be', Buffer.from('feff', 'hex')],
];

/** So many zeros in a row are no damaged character: they stand where bytes have never arrived. */
const hole = 16;

/**
 * Decides a file's encoding over all of its bytes: the config, the byte order mark, zero bytes where UTF-16 has them,
 * valid UTF-8, and Windows-1252 for the rest. No statistics: they call Spanish text Windows-1250. What was decided must
 * then fit: bytes that the encoding does not have, or a text that looks like another encoding read wrongly, refuse the
 * file, since a lead that was created with a broken name can't be corrected.
 */
export async function detectEncoding(
  source: ByteSource,
  path: string,
  start: Buffer,
  configured: string | undefined,
): Promise<DetectedEncoding> {
  const named = configured === undefined ? undefined : textEncoding(configured);
  if (named === null) return { kind: 'unreadable', encoding: configured ?? '' };
  const scan = await scanBytes(source, path);
  const { encoding, why } = decide(named, markIn(start)?.[0], start, scan);
  const textStart = textStartIn(start);
  const doubts = encoding.layout === 'utf-8' ? scan.doubts : createTextDoubts();
  if (!(await fits(source, path, encoding, textStart, scan, doubts)))
    return { kind: 'unreadable', encoding: encoding.name };
  const lookalike = doubts.lookalike();
  // Who names an encoding in the config has looked.
  if (lookalike !== null && why !== 'config') return { kind: 'doubtful', encoding: encoding.name, lookalike };
  const finding = { encoding: encoding.name, why, confidence: confidenceOf(why, doubts) };
  return { kind: 'encoding', encoding, finding, textStart, lines: scan.lines };
}

function decide(
  named: TextEncoding | undefined,
  marked: string | undefined,
  start: Buffer,
  scan: ByteScan,
): { readonly encoding: TextEncoding; readonly why: EncodingReason } {
  const unmarked = utf16WithoutMark(start);
  // Which of its two orders the bytes have is for them to say.
  if (named?.name === 'utf-16') return { encoding: known(marked ?? unmarked ?? 'utf-16le'), why: 'config' };
  if (named !== undefined) return { encoding: named, why: 'config' };
  if (marked !== undefined) return { encoding: known(marked), why: 'byte_order_mark' };
  if (unmarked !== null) return { encoding: known(unmarked), why: 'zero_bytes' };
  if (scan.isAscii) return { encoding: known('utf-8'), why: 'ascii' };
  if (scan.isUtf8) return { encoding: known('utf-8'), why: 'valid_utf8' };
  return { encoding: known('windows-1252'), why: 'fallback' };
}

function known(name: string): TextEncoding {
  const encoding = textEncoding(name);
  if (encoding === null) throw new Error(`iconv-lite does not know ${name}`);
  return encoding;
}

/** Where a file's text begins, behind its byte order mark. Some exporters write it twice. */
export function textStartIn(start: Buffer): number {
  const mark = markIn(start)?.[1];
  let at = 0;
  while (mark?.equals(start.subarray(at, at + mark.length)) === true) at += mark.length;
  return at;
}

function markIn(start: Buffer): readonly [string, Buffer] | undefined {
  return boms.find(([, mark]) => start.subarray(0, mark.length).equals(mark));
}

function utf16WithoutMark(start: Buffer): 'utf-16le' | 'utf-16be' | null {
  const even = start.subarray(0, start.length & ~1);
  let zerosFirst = 0;
  let zerosSecond = 0;
  for (let at = 0; at < even.length; at += 2) {
    if (even[at] === 0) zerosFirst++;
    if (even[at + 1] === 0) zerosSecond++;
  }
  const most = even.length * 0.35;
  // Zeros on both sides are no text: a pre-allocated file, an image. A few are letters such as Ā.
  if (zerosSecond > most && zerosFirst * 10 <= zerosSecond) return 'utf-16le';
  return zerosFirst > most && zerosSecond * 10 <= zerosFirst ? 'utf-16be' : null;
}

/** Whether the bytes are text in this encoding. Weighs it where it has to be decoded for that. */
async function fits(
  source: ByteSource,
  path: string,
  encoding: TextEncoding,
  textStart: number,
  scan: ByteScan,
  doubts: TextDoubts,
): Promise<boolean> {
  if (encoding.layout === 'utf-16') {
    // An odd byte at the end is half a character: the file was cut.
    return (scan.size - textStart) % 2 === 0 && !(await hasHole(source, path, encoding, textStart));
  }
  if (scan.zeroRun >= hole || scan.endsInZero) return false;
  if (encoding.layout === 'utf-8') return scan.isUtf8;
  for await (const text of decodeText(source, path, encoding, textStart)) {
    if (/[\uFFFD\u0080-\u009F]/.test(text)) return false;
    doubts.look(text);
  }
  return true;
}

async function hasHole(source: ByteSource, path: string, encoding: TextEncoding, textStart: number): Promise<boolean> {
  let tail = '';
  for await (const text of decodeText(source, path, encoding, textStart)) {
    const seen = tail + text;
    if (seen.includes('\0'.repeat(hole))) return true;
    tail = seen.slice(-hole);
  }
  return tail.endsWith('\0');
}

function confidenceOf(why: EncodingReason, doubts: TextDoubts): EncodingFinding['confidence'] {
  if (doubts.hasWrong()) return 'low';
  switch (why) {
    case 'config':
    case 'byte_order_mark':
    case 'ascii':
      return 'certain';
    case 'zero_bytes':
    case 'valid_utf8':
      return 'high';
    case 'fallback':
      return doubts.hasAccents() ? 'high' : 'low';
  }
}
