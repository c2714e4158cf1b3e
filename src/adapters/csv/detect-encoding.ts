import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { decodeText } from './decode-text.ts';

/** `lines` are the physical ones, an upper bound of the records. */
export type DetectedEncoding =
  | { readonly kind: 'encoding'; readonly encoding: string; readonly bomBytes: number; readonly lines: number }
  | { readonly kind: 'unreadable'; readonly encoding: string };

const boms: readonly (readonly [string, Buffer])[] = [
  ['utf-8', Buffer.from('efbbbf', 'hex')],
  ['utf-16le', Buffer.from('fffe', 'hex')],
  ['utf-16be', Buffer.from('feff', 'hex')],
];

/**
 * Decides a file's encoding over all of its bytes: the config, the byte order mark, zero bytes where UTF-16 has them,
 * valid UTF-8, and Windows-1252 for the rest. No statistics: they call Spanish text Windows-1250. A file whose first
 * accent stands in row 3,000 is why a sample won't do.
 */
export async function detectEncoding(
  path: string,
  start: Buffer,
  configured: string | undefined,
): Promise<DetectedEncoding> {
  const bom = boms.find(([, bytes]) => start.subarray(0, bytes.length).equals(bytes));
  const bomBytes = bom?.[1].length ?? 0;
  const scan = await scanBytes(path);
  const encoding =
    canonical(configured) ?? bom?.[0] ?? utf16WithoutBom(start) ?? (scan.isUtf8 ? 'utf-8' : 'windows-1252');
  const isReadable =
    encoding === 'utf-8' ? scan.isUtf8 && !scan.hasNul : await decodesCleanly(path, encoding, bomBytes);
  if (!isReadable) return { kind: 'unreadable', encoding };
  return { kind: 'encoding', encoding, bomBytes, lines: scan.lines };
}

function canonical(configured: string | undefined): string | undefined {
  return configured !== undefined && /^utf-?8$/i.test(configured) ? 'utf-8' : configured?.toLowerCase();
}

interface Scan {
  readonly isUtf8: boolean;
  readonly hasNul: boolean;
  readonly lines: number;
}

async function scanBytes(path: string): Promise<Scan> {
  let valid = true;
  let hasNul = false;
  let lines = 1;
  let lastWasCr = false;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    hasNul ||= chunk.includes(0);
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines++;
    for (let at = chunk.indexOf(13); at !== -1; at = chunk.indexOf(13, at + 1)) if (chunk[at + 1] !== 10) lines++;
    // A CR at the end of a chunk was counted; if its LF follows, the pair was counted twice.
    if (lastWasCr && chunk[0] === 10) lines--;
    lastWasCr = chunk.at(-1) === 13;
    if (!valid) continue;
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const cut = bytes.length - unfinishedBytes(bytes);
    valid = isUtf8(bytes.subarray(0, cut));
    rest = bytes.subarray(cut);
  }
  return { isUtf8: valid && rest.length === 0, hasNul, lines };
}

/** How many bytes at the end belong to a character that goes on in the next chunk. */
function unfinishedBytes(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needed > back ? back : 0;
    }
  }
  return 0;
}

function utf16WithoutBom(start: Buffer): string | undefined {
  const even = start.subarray(0, start.length & ~1);
  let zerosFirst = 0;
  let zerosSecond = 0;
  for (let at = 0; at < even.length; at += 2) {
    if (even[at] === 0) zerosFirst++;
    if (even[at + 1] === 0) zerosSecond++;
  }
  const most = even.length * 0.35;
  // Zeros on both sides are no text: a pre-allocated file, an image.
  if (zerosSecond > most && zerosFirst === 0) return 'utf-16le';
  return zerosFirst > most && zerosSecond === 0 ? 'utf-16be' : undefined;
}

async function decodesCleanly(path: string, encoding: string, bomBytes: number): Promise<boolean> {
  for await (const text of decodeText(path, encoding, bomBytes)) {
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    if (/[\uFFFD\u0000\u0080-\u009F]/.test(text)) return false;
  }
  return true;
}
