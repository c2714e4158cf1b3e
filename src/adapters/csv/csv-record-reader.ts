import { open, stat } from 'node:fs/promises';
import iconv from 'iconv-lite';
import type { FileRecord, OpenedRecords, RecordReader, UnreadableFile } from '../../app/ports/record-reader.ts';
import type { FilePattern } from '../../domain/partner.ts';
import { readUtf8 } from './decode-text.ts';
import { detectDelimiter } from './detect-delimiter.ts';
import { detectEncoding } from './detect-encoding.ts';
import { foreignFormatOf } from './foreign-format.ts';
import { lineEndAfter, maxRecordBytes, splitRecords, wholeLines } from './split-records.ts';

const sampleBytes = 64 * 1024;

/**
 * Reads CSV files at constant memory. Records are numbered as a spreadsheet shows them: a blank line has a number, a
 * record with line breaks inside has one, Excel's `sep=` line has none. Reading twice gives the same records.
 */
export const csvRecordReader: RecordReader = {
  async open(path, pattern, limits) {
    const { size } = await stat(path);
    if (size === 0) return unreadable('FILE_EMPTY');
    if (size > limits.maxBytes) return unreadable('FILE_TOO_LARGE', { maxBytes: limits.maxBytes });
    const start = await readStart(path);
    const found = foreignFormatOf(start);
    if (found !== null) return unreadable('FILE_NOT_CSV', { found });
    if (pattern.encoding !== undefined && !iconv.encodingExists(pattern.encoding)) {
      return unreadable('FILE_ENCODING_UNREADABLE', { encoding: pattern.encoding });
    }
    const detected = await detectEncoding(path, start, pattern.encoding);
    if (detected.kind === 'unreadable') return unreadable('FILE_ENCODING_UNREADABLE', { encoding: detected.encoding });
    const text = await openText(path, detected.encoding, detected.bomBytes, pattern);
    return openRecords(text, limits.maxRows, detected.lines);
  },
};

/** A file whose bytes are understood and whose records are not yet. */
interface OpenText {
  readonly path: string;
  readonly encoding: string;
  readonly bomBytes: number;
  readonly delimiter: string;
  readonly skipBytes: number;
}

async function openText(path: string, encoding: string, bomBytes: number, pattern: FilePattern): Promise<OpenText> {
  let sample: Buffer = Buffer.alloc(0);
  for await (const chunk of readUtf8(path, encoding, bomBytes)) {
    sample = Buffer.concat([sample, chunk]);
    if (sample.length > sampleBytes) break;
  }
  const isWholeFile = sample.length <= sampleBytes;
  const detected = detectDelimiter(sample.subarray(0, sampleBytes), isWholeFile, pattern.delimiter);
  return { path, encoding, bomBytes, ...detected };
}

async function openRecords(text: OpenText, maxRows: number, lines: number): Promise<OpenedRecords | UnreadableFile> {
  const all = readAll(text, null);
  const first = await all.next();
  await all.return(undefined);
  if (first.done === true) return unreadable('FILE_EMPTY');
  if (!('cells' in first.value)) return unreadable('FILE_HEADER_UNREADABLE');
  const header = first.value.cells;
  const records = { [Symbol.asyncIterator]: () => readRows(text, header.length) };
  if (await hasNone(records)) return unreadable('FILE_NO_ROWS');
  // Counted exactly only where the physical lines, which may lie inside quotes, leave it open.
  if (lines - 1 > maxRows && (await hasMoreThan(maxRows, records))) return unreadable('FILE_TOO_LARGE', { maxRows });
  return { encoding: text.encoding, delimiter: text.delimiter, header, records };
}

async function* readRows(text: OpenText, width: number): AsyncGenerator<FileRecord> {
  const all = readAll(text, width);
  await all.next();
  yield* all;
}

/** Every record that is not blank, the header among them. */
async function* readAll(text: OpenText, width: number | null): AsyncGenerator<FileRecord> {
  let rowNumber = 0;
  for await (const { cells } of readSplit(text, width)) {
    rowNumber++;
    if (cells === null) yield { rowNumber, fault: 'ROW_UNREADABLE' };
    else if (cells.some((cell) => cell.trim() !== '')) yield { rowNumber, cells };
  }
}

async function* readSplit(text: OpenText, width: number | null): AsyncGenerator<{ cells: readonly string[] | null }> {
  let pending: Buffer = Buffer.alloc(0);
  let toSkip = text.skipBytes;
  let isInsideLongLine = false;
  for await (const chunk of readUtf8(text.path, text.encoding, text.bomBytes)) {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    if (toSkip > 0) {
      pending = pending.subarray(toSkip);
      toSkip = 0;
    }
    if (isInsideLongLine) {
      const whole = wholeLines(pending);
      if (whole === 0) {
        pending = Buffer.alloc(0);
        continue;
      }
      pending = pending.subarray(lineEndAfter(pending, 0));
      isInsideLongLine = false;
    }
    const { records, consumed } = splitRecords(pending.subarray(0, wholeLines(pending)), text.delimiter, width, false);
    yield* records;
    pending = pending.subarray(consumed);
    if (pending.length > maxRecordBytes && wholeLines(pending) === 0) {
      yield { cells: null };
      isInsideLongLine = true;
      pending = Buffer.alloc(0);
    }
  }
  if (!isInsideLongLine) yield* splitRecords(pending, text.delimiter, width, true).records;
}

async function hasNone(records: AsyncIterable<FileRecord>): Promise<boolean> {
  for await (const _ of records) return false;
  return true;
}

async function hasMoreThan(max: number, records: AsyncIterable<FileRecord>): Promise<boolean> {
  let count = 0;
  for await (const _ of records) if (++count > max) return true;
  return false;
}

async function readStart(path: string): Promise<Buffer> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
  return buffer.subarray(0, bytesRead);
}

function unreadable(fault: UnreadableFile['fault'], detail: UnreadableFile['detail'] = {}): UnreadableFile {
  return { fault, detail };
}
