import { parse } from 'csv-parse/sync';

export interface ParsedRecord {
  readonly cells: readonly string[];
  /** Where it ends in the block. */
  readonly end: number;
}

export interface Run {
  readonly records: readonly ParsedRecord[];
  /** Why the run ended before the block did: a quote that is still open where the block ends, or anything else. */
  readonly stop: 'unclosed' | 'damaged' | null;
}

// Listed, because csv-parse would settle for the first line ending it meets and glue the others together.
const lineEndings = ['\r\n', '\n', '\r'];

const refused = new Error('the record is judged line by line');

/**
 * Reads records from a block of UTF-8 bytes up to the first that csv-parse or `accept` refuses. csv-parse's own ways with
 * damage are not used: to stop, or to skip records without a word (`skip_records_with_error`, which also loses the
 * neighbours that an unclosed quote has swallowed).
 */
export function parseRun(
  block: Buffer,
  delimiter: string,
  accept: (cells: readonly string[], start: number, end: number) => boolean,
): Run {
  const records: ParsedRecord[] = [];
  let start = 0;
  try {
    parse(block, {
      delimiter,
      record_delimiter: lineEndings,
      relax_column_count: true,
      on_record: (cells: string[], { bytes: end }) => {
        if (!accept(cells, start, end)) throw refused;
        records.push({ cells, end });
        start = end;
        return null;
      },
    });
    return { records, stop: null };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === null && error !== refused) throw error;
    return { records, stop: code === 'CSV_QUOTE_NOT_CLOSED' ? 'unclosed' : 'damaged' };
  }
}
