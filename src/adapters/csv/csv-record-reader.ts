import type {
  FileRecord,
  OpenedRecords,
  ReadingLimits,
  ReadingPoint,
  RecordReader,
  UnreadableFile,
} from '../../app/ports/record-reader.ts';
import { foreignFormatOf } from '../../domain/foreign-format.ts';
import type { FilePattern } from '../../domain/partner.ts';
import { readUtf8 } from './decode-text.ts';
import { detectDelimiter } from './detect-delimiter.ts';
import { detectEncoding, textStartIn } from './detect-encoding.ts';
import { type ByteSource, fileBytes, firstBytes } from './file-bytes.ts';
import { readHeader, readRecords, type ReadableText } from './read-records.ts';
import { widthOf } from './record-width.ts';
import { bytesInFile, textEncoding, type TextEncoding } from './text-encoding.ts';

type Bounds = ReadingLimits & Pick<ReadableText, 'maxRecord'>;

const startBytes = 4096;
const sampleBytes = 64 * 1024;

/**
 * Reads CSV files at constant memory. Records are numbered as a spreadsheet shows them: a blank line has a number, a
 * record with line breaks inside has one, Excel's `sep=` line has none. Reading again, from the top or from the end of
 * any record, gives the same records.
 */
export function createCsvRecordReader(
  source: ByteSource = fileBytes,
  longestRecord: (maxCell: number) => number = eightCells,
): RecordReader {
  return {
    mark: (path) => source.mark(path),
    open(path, pattern, limits, from) {
      const bounds = { ...limits, maxRecord: longestRecord(limits.maxCell) };
      return from === undefined ? openNew(source, path, pattern, bounds) : goOn(source, path, bounds, from);
    },
  };
}

/** Bytes of the longest record: some of its cells may be as long as they may, and memory has an end. */
function eightCells(maxCell: number): number {
  return Math.min(Math.max(8 * maxCell, 1 << 20), 64 << 20);
}

export const csvRecordReader: RecordReader = createCsvRecordReader();

async function openNew(
  source: ByteSource,
  path: string,
  pattern: FilePattern,
  limits: Bounds,
): Promise<OpenedRecords | UnreadableFile> {
  const size = await source.size(path);
  if (size === 0) return unreadable('FILE_EMPTY');
  if (size > limits.maxBytes) return unreadable('FILE_TOO_LARGE', { maxBytes: limits.maxBytes });
  const start = await firstBytes(source, path, startBytes);
  const foreign = foreignFormatOf(start);
  if (foreign !== null) return unreadable('FILE_NOT_CSV', { found: foreign });
  const detected = await detectEncoding(source, path, start, pattern.encoding);
  if (detected.kind === 'unreadable') return unreadable('FILE_ENCODING_UNREADABLE', { encoding: detected.encoding });
  if (detected.kind === 'doubtful') {
    const { encoding, lookalike } = detected;
    return unreadable('FILE_ENCODING_DOUBTFUL', { encoding, lookalike });
  }
  const { encoding, finding, textStart, lines } = detected;
  const text = await openText(source, { path, encoding, textStart, ...limits }, pattern.delimiter);
  const header = await readHeader(source, text);
  if (header === null) return unreadable('FILE_EMPTY');
  if (header.cells === null) return unreadable('FILE_HEADER_UNREADABLE');
  const width = widthOf(header.cells);
  const records = repeatable(() => readRecords(source, text, width, header));
  if (!(await hasMoreThan(0, records))) return unreadable('FILE_NO_ROWS');
  // Counted exactly only where the physical lines, which may lie inside quotes, leave it open.
  if (lines - 1 > limits.maxRows && (await hasMoreThan(limits.maxRows, records))) {
    return unreadable('FILE_TOO_LARGE', { maxRows: limits.maxRows });
  }
  return { encoding: encoding.name, delimiter: text.delimiter, finding, header: header.cells, records };
}

async function goOn(
  source: ByteSource,
  path: string,
  limits: Bounds,
  from: ReadingPoint,
): Promise<OpenedRecords | UnreadableFile> {
  const encoding = textEncoding(from.encoding);
  if (encoding === null) return unreadable('FILE_ENCODING_UNREADABLE', { encoding: from.encoding });
  const textStart = textStartIn(await firstBytes(source, path, startBytes));
  const text = await openText(source, { path, encoding, textStart, ...limits }, from.delimiter);
  const header = await readHeader(source, text);
  if (header?.cells == null) return unreadable('FILE_HEADER_UNREADABLE');
  const width = widthOf(header.cells);
  const point = { rowNumber: from.rowNumber, next: from.offset };
  const records = repeatable(() => readRecords(source, text, width, point));
  return { encoding: encoding.name, delimiter: text.delimiter, finding: null, header: header.cells, records };
}

async function openText(
  source: ByteSource,
  file: Omit<ReadableText, 'delimiter' | 'sepLine'>,
  configured: string | undefined,
): Promise<ReadableText> {
  const sample = await readSample(source, file.path, file.encoding, file.textStart);
  const isWholeFile = sample.length <= sampleBytes;
  const { delimiter, skipBytes } = detectDelimiter(sample.subarray(0, sampleBytes), isWholeFile, configured);
  const inFile = skipBytes === 0 ? 0 : bytesInFile(file.encoding, sample, 0, skipBytes);
  return { ...file, delimiter, sepLine: { utf8: skipBytes, inFile } };
}

/** The start of the text; more than `sampleBytes` of it where the file is longer than that. */
async function readSample(
  source: ByteSource,
  path: string,
  encoding: TextEncoding,
  textStart: number,
): Promise<Buffer> {
  let sample: Buffer = Buffer.alloc(0);
  for await (const chunk of readUtf8(source, path, encoding, textStart)) {
    sample = Buffer.concat([sample, chunk]);
    if (sample.length > sampleBytes) break;
  }
  return sample;
}

function repeatable(read: () => AsyncGenerator<FileRecord>): AsyncIterable<FileRecord> {
  return { [Symbol.asyncIterator]: read };
}

async function hasMoreThan(max: number, records: AsyncIterable<FileRecord>): Promise<boolean> {
  let count = 0;
  for await (const _ of records) if (++count > max) return true;
  return false;
}

function unreadable(fault: UnreadableFile['fault'], detail: UnreadableFile['detail'] = {}): UnreadableFile {
  return { fault, detail };
}
