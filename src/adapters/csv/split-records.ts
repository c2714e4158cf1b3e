import { parse } from 'csv-parse/sync';

/** A record as it stands in the text. `cells: null` for one that cannot be read. */
interface SplitRecord {
  readonly cells: readonly string[] | null;
}

export interface Split {
  readonly records: readonly SplitRecord[];
  /** How many bytes the records took; the rest is the start of a record that goes on in the next block. */
  readonly consumed: number;
}

/** No record of a lead is longer; one unclosed quote would otherwise swallow the rest of the file. */
export const maxRecordBytes = 64 * 1024;

// Listed, because csv-parse would settle for the first line ending it meets and glue the others together.
const lineEndings = ['\r\n', '\n', '\r'];

/**
 * Splits a block of UTF-8 bytes into records with csv-parse and goes on behind damage: a record that cannot be read
 * costs its first line, and reading resumes at the next. csv-parse itself has two answers to damage, to stop and to skip
 * records without a word (`skip_records_with_error`, which also loses the neighbours an unclosed quote swallowed).
 *
 * `width` is the header's number of cells; null while the header itself is read. `isLast` when nothing follows the block.
 */
export function splitRecords(block: Buffer, delimiter: string, width: number | null, isLast: boolean): Split {
  const records: SplitRecord[] = [];
  let start = 0;
  let expected = width;
  while (start < block.length) {
    const run = parseRun(block.subarray(start), delimiter, expected);
    expected = run.width;
    for (const cells of run.records) records.push({ cells });
    start += run.end;
    if (run.stop === null) return { records, consumed: block.length };
    const isWhole = isLast || block.length - start > maxRecordBytes;
    if (run.stop === 'unclosed' && !isWhole) return { records, consumed: start };
    records.push({ cells: null });
    start = lineEndAfter(block, start);
  }
  return { records, consumed: block.length };
}

/** The bytes up to and including the last line ending; a CR at the very end may be half of one. */
export function wholeLines(bytes: Buffer): number {
  const lf = bytes.lastIndexOf(10) + 1;
  const cr = bytes.subarray(0, -1).lastIndexOf(13) + 1;
  return Math.max(lf, cr);
}

/** Where the line that holds this position ends, behind its line ending. */
export function lineEndAfter(bytes: Buffer, position: number): number {
  const lf = bytes.indexOf(10, position);
  const line = bytes.subarray(position, lf === -1 ? bytes.length : lf);
  const cr = line.indexOf(13);
  if (cr !== -1 && (lf === -1 || cr < line.length - 1)) return position + cr + 1;
  return lf === -1 ? bytes.length : lf + 1;
}

interface Run {
  readonly records: readonly (readonly string[] | null)[];
  readonly width: number | null;
  /** Where the last record of the run ends. */
  readonly end: number;
  /** Why the run ended before the block did. */
  readonly stop: 'unclosed' | 'damaged' | null;
}

const reread = new Error('the record is read again line by line');

function parseRun(bytes: Buffer, delimiter: string, width: number | null): Run {
  const records: (readonly string[] | null)[] = [];
  let expected = width;
  let end = 0;
  const take = (cells: string[], recordEnd: number): void => {
    const isBlank = cells.every((cell) => cell.trim() === '');
    if (!isBlank) expected ??= cells.length;
    const fitting = isBlank || expected === null ? cells : fit(cells, expected);
    // A quote that was never closed ends at a quote of a later row: the rows between are not part of this one.
    if (fitting === null && expected !== null && hidesRecord(bytes.subarray(end, recordEnd), delimiter, expected))
      throw reread;
    records.push(fitting);
    end = recordEnd;
  };
  try {
    parse(bytes, {
      delimiter,
      record_delimiter: lineEndings,
      relax_column_count: true,
      max_record_size: maxRecordBytes,
      on_record: (cells: string[], { bytes: recordEnd }) => {
        take(cells, recordEnd);
        return null;
      },
    });
    return { records, width: expected, end: bytes.length, stop: null };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === null && error !== reread) throw error;
    return { records, width: expected, end, stop: code === 'CSV_QUOTE_NOT_CLOSED' ? 'unclosed' : 'damaged' };
  }
}

/** The cells at the header's width, or null. Empty cells too many are a spreadsheet's trailing delimiters. */
function fit(cells: readonly string[], width: number): readonly string[] | null {
  if (cells.length === width) return cells;
  if (cells.length < width) return null;
  return cells.slice(width).every((cell) => cell.trim() === '') ? cells.slice(0, width) : null;
}

/** Whether a line after the first would be a record of its own. */
function hidesRecord(bytes: Buffer, delimiter: string, width: number): boolean {
  for (let at = lineEndAfter(bytes, 0); at < bytes.length; at = lineEndAfter(bytes, at)) {
    const line = bytes.subarray(at, lineEndAfter(bytes, at));
    if (parseLine(line, delimiter)?.length === width) return true;
  }
  return false;
}

function parseLine(line: Buffer, delimiter: string): readonly string[] | null {
  try {
    return parse(line, { delimiter, record_delimiter: lineEndings })[0] ?? null;
  } catch {
    return null;
  }
}
