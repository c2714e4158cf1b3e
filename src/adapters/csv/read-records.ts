import { setImmediate } from 'node:timers/promises';
import type { FileRecord } from '../../app/ports/record-reader.ts';
import { readUtf8 } from './decode-text.ts';
import type { ByteSource } from './file-bytes.ts';
import { isBlank, type RecordWidth } from './record-width.ts';
import { createFooterFilter } from './report-footer.ts';
import { createRecordSplitter, type SplitRecord } from './split-records.ts';
import { bytesInFile, type TextEncoding } from './text-encoding.ts';

/** A file whose bytes are understood: where its text begins, and what cuts it into cells. */
export interface ReadableText {
  readonly path: string;
  readonly encoding: TextEncoding;
  readonly delimiter: string;
  readonly maxCell: number;
  readonly maxRecord: number;
  /** Bytes of the file before the text. */
  readonly textStart: number;
  /** Excel's `sep=` line, in bytes of UTF-8 and in bytes of the file. */
  readonly sepLine: { readonly utf8: number; readonly inFile: number };
}

/**
 * So many records are handed out before everything else has its turn: answers of the database and of the API wait no
 * longer, and the rows before are committed while these are read.
 */
const recordsATurn = 12;

/** The end of a record, from which reading goes on. */
export interface RecordEnd {
  readonly rowNumber: number;
  readonly next: number;
}

/** The first record that is not blank; null in a file without one. */
export async function readHeader(source: ByteSource, text: ReadableText): Promise<SplitRecord | null> {
  for await (const records of split(source, text, null, null)) {
    const header = records.find(({ cells }) => cells === null || !isBlank(cells));
    if (header !== undefined) return header;
  }
  return null;
}

/** The records behind another one that are neither blank nor a report's footer, in order. */
export async function* readRecords(
  source: ByteSource,
  text: ReadableText,
  width: RecordWidth,
  after: RecordEnd,
): AsyncGenerator<FileRecord> {
  // Without a known place to go on, everything is split once more and what is known is passed over.
  const start = Number.isNaN(after.next) ? null : after;
  const footer = createFooterFilter(width, after.rowNumber);
  let handedOut = 0;
  for await (const records of split(source, text, width, start)) {
    for (const record of footer.take(filled(records, after.rowNumber))) {
      if (++handedOut % recordsATurn === 0) await setImmediate();
      yield fileRecord(record);
    }
  }
  for (const record of footer.end()) yield fileRecord(record);
}

async function* split(
  source: ByteSource,
  text: ReadableText,
  width: RecordWidth | null,
  start: RecordEnd | null,
): AsyncGenerator<readonly SplitRecord[]> {
  const { path, encoding, delimiter, maxCell, maxRecord, textStart, sepLine } = text;
  const splitter = createRecordSplitter({
    delimiter,
    width,
    maxCell,
    maxRecord,
    at: start?.next ?? textStart + sepLine.inFile,
    rowNumber: start?.rowNumber ?? 0,
    bytesInFile: (utf8, from, to) => bytesInFile(encoding, utf8, from, to),
  });
  let toSkip = start === null ? sepLine.utf8 : 0;
  for await (const chunk of readUtf8(source, path, encoding, start?.next ?? textStart)) {
    const skipped = Math.min(toSkip, chunk.length);
    toSkip -= skipped;
    yield splitter.take(chunk.subarray(skipped), false);
  }
  yield splitter.take(Buffer.alloc(0), true);
}

function filled(records: readonly SplitRecord[], afterRow: number): readonly SplitRecord[] {
  return records.filter(({ rowNumber, cells }) => rowNumber > afterRow && (cells === null || !isBlank(cells)));
}

function fileRecord({ rowNumber, cells, damage, at, next }: SplitRecord): FileRecord {
  const place = { rowNumber, at: known(at), next: known(next) };
  if (damage === null && cells !== null) return { ...place, cells };
  return { ...place, fault: damage?.fault ?? 'ROW_QUOTE_STRAY', detail: damage?.detail ?? {} };
}

function known(place: number): number | null {
  return Number.isNaN(place) ? null : place;
}
