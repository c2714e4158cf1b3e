import { isAscii, isUtf8 } from 'node:buffer';
import { createTextDoubts, type TextDoubts } from './doubtful-text.ts';
import type { ByteSource } from './file-bytes.ts';

export interface ByteScan {
  readonly isUtf8: boolean;
  readonly isAscii: boolean;
  /** The longest run of zero bytes. */
  readonly zeroRun: number;
  readonly endsInZero: boolean;
  readonly size: number;
  /** The physical lines, which may lie inside quotes: an upper bound of the records. */
  readonly lines: number;
  /** What the text looks like if it is UTF-8. */
  readonly doubts: TextDoubts;
}

/** What can be said about a file by its bytes alone. Reads it to its end: the first accent may stand in row 3,000. */
export async function scanBytes(source: ByteSource, path: string): Promise<ByteScan> {
  const doubts = createTextDoubts(['UTF-8 encoded twice']);
  const utf8 = utf8Check((text) => doubts.look(text));
  const lines = lineCount();
  const zeros = zeroRuns();
  let plain = true;
  let size = 0;
  for await (const chunk of source.read(path, 0)) {
    size += chunk.length;
    utf8.take(chunk);
    lines.take(chunk);
    zeros.take(chunk);
    plain &&= isAscii(chunk);
  }
  return {
    isUtf8: utf8.holds(),
    isAscii: plain,
    zeroRun: zeros.longest(),
    endsInZero: zeros.isOpen(),
    size,
    lines: lines.count(),
    doubts,
  };
}

function utf8Check(use: (text: string) => void): { take(chunk: Buffer): void; holds(): boolean } {
  let valid = true;
  let rest: Buffer = Buffer.alloc(0);
  return {
    take(chunk) {
      if (!valid) return;
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const cut = bytes.length - unfinishedBytes(bytes);
      const whole = bytes.subarray(0, cut);
      valid = isUtf8(whole);
      rest = bytes.subarray(cut);
      if (valid) use(whole.toString('utf8'));
    },
    holds: () => valid && rest.length === 0,
  };
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

function lineCount(): { take(chunk: Buffer): void; count(): number } {
  let lines = 1;
  let lastWasCr = false;
  return {
    take(chunk) {
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines++;
      for (let at = chunk.indexOf(13); at !== -1; at = chunk.indexOf(13, at + 1)) if (chunk[at + 1] !== 10) lines++;
      // A CR at the end of a chunk was counted; if its LF follows, the pair was counted twice.
      if (lastWasCr && chunk[0] === 10) lines--;
      lastWasCr = chunk.at(-1) === 13;
    },
    count: () => lines,
  };
}

function zeroRuns(): { take(chunk: Buffer): void; longest(): number; isOpen(): boolean } {
  let longest = 0;
  let run = 0;
  return {
    take(chunk) {
      let at = chunk.indexOf(0);
      if (at !== 0) run = 0;
      while (at !== -1) {
        let end = at;
        while (chunk[end] === 0) end++;
        run += end - at;
        longest = Math.max(longest, run);
        if (end === chunk.length) return;
        run = 0;
        at = chunk.indexOf(0, end);
      }
    },
    longest: () => longest,
    isOpen: () => run > 0,
  };
}
