import type { Damage } from './damage.ts';
import { inspectLine, type InspectedLine } from './inspect-line.ts';
import { hasLineBreak, lineEndAfter, wholeLines } from './line-end.ts';
import { createLongRecord, type LongRecord } from './long-record.ts';
import { parseRun, type Run } from './parse-run.ts';
import { quoteFormulas } from './quote-formulas.ts';
import {
  cutTo,
  hidesRecord,
  isBlank,
  isRecordLine,
  misfitOf,
  swallowsRows,
  widthOf,
  type RecordWidth,
} from './record-width.ts';

/** A record as it stands in the text, blank ones too. One whose only fault is the number of its cells has both. */
export interface SplitRecord {
  readonly rowNumber: number;
  readonly cells: readonly string[] | null;
  readonly damage: Damage | null;
  /** Where it begins and where the next one does, in bytes of the file. NaN where that can't be told. */
  readonly at: number;
  readonly next: number;
}

export interface SplitOptions {
  readonly delimiter: string;
  /** Null where the header is still to come: the first record that is not blank is taken for it. */
  readonly width: RecordWidth | null;
  /** Characters of one cell. */
  readonly maxCell: number;
  /** Bytes of UTF-8 of one record. No more is held in memory, nor read twice because of a quote that is never closed. */
  readonly maxRecord: number;
  /** Where the text begins in the file. Defaults to its first byte. */
  readonly at?: number;
  /** Of the record before the text. Defaults to 0: the first one is 1. */
  readonly rowNumber?: number;
  /** Bytes of the file that a stretch of the text takes. Defaults to those of UTF-8. */
  readonly bytesInFile?: (utf8: Buffer, from: number, to: number) => number;
}

export interface RecordSplitter {
  /** The records that end in these UTF-8 bytes; what is left over waits for the next. `isLast`: there are none. */
  take(chunk: Buffer, isLast: boolean): readonly SplitRecord[];
}

interface LongOne {
  readonly record: LongRecord;
  readonly damage: Damage;
  readonly at: number;
}

/**
 * Splits text into records and goes on behind damage: a record that can't be read costs its first line, and reading goes
 * on at the next. What is found does not depend on where the chunks end.
 */
export function createRecordSplitter(options: SplitOptions): RecordSplitter {
  const { delimiter, maxCell, maxRecord: most, bytesInFile = (_, from, to) => to - from } = options;
  let { width, at = 0, rowNumber = 0 } = options;
  let pending: Buffer = Buffer.alloc(0);
  let long: LongOne | null = null;
  // An open quote is looked at again when twice as much is there, not at every chunk.
  let enough = 0;
  let found: SplitRecord[] = [];

  function push(cells: SplitRecord['cells'], damage: Damage | null, start: number): void {
    found.push({ rowNumber: ++rowNumber, cells, damage, at: start, next: at });
  }

  function pass(bytes: number): void {
    at += bytesInFile(pending, 0, bytes);
    pending = pending.subarray(bytes);
  }

  /** A quote that was never closed ends at a quote of a later row: the rows between are no part of this one. */
  function accept(cells: readonly string[], from: number, to: number): boolean {
    if (to - from > most) return false;
    if (isBlank(cells)) return true;
    width ??= widthOf(cells);
    const record = pending.subarray(from, to);
    if (misfitOf(cells, width) !== null) return !hidesRecord(record, delimiter, width);
    return !hasLineBreak(record) || !swallowsRows(record, delimiter, width);
  }

  /** Hands out the records of a run. */
  function give({ records }: Run): void {
    let from = 0;
    for (const { cells, end } of records) {
      const start = at;
      at += bytesInFile(pending, from, end);
      pushCells(cells, end - from, start);
      from = end;
    }
    pending = pending.subarray(from);
  }

  function pushCells(cells: readonly string[], bytes: number, start: number): void {
    // A cell has no more characters than the record has bytes.
    const tooLong = bytes > maxCell ? cells.findIndex((cell) => cell.length > maxCell) : -1;
    if (tooLong !== -1) return push(null, cellTooLong(tooLong + 1), start);
    if (isBlank(cells)) return push(cells, null, start);
    width ??= widthOf(cells);
    push(cutTo(width, cells), misfitOf(cells, width), start);
  }

  /** Makes a fault of the record that stands first and was refused. What it decides by are its first bytes alone. */
  function judge(): void {
    const lineEnd = lineEndAfter(pending, 0);
    const text = pending.toString('utf8', 0, Math.min(lineEnd, most));
    const quoted = quoteFormulas(text, delimiter);
    const line = inspectLine(quoted, delimiter);
    if (lineEnd <= most && !goesOnFor(most)) {
      const isMended = quoted !== text && line.openQuote === null && line.strayQuote === null;
      return giveLine(lineEnd, isMended ? quoted : null, quoteDamage(line));
    }
    const isQuoted = line.openQuote !== null && line.strayQuote === null;
    const isRecord = (bytes: Buffer): boolean => width !== null && isRecordLine(bytes.toString(), delimiter, width);
    long = { record: createLongRecord({ isQuoted, most, isRecord }), damage: lengthDamage(line), at };
  }

  /** Whether no end of the first record is to be seen, nor a quote that was left open. */
  function goesOnFor(bytes: number): boolean {
    if (pending.length <= bytes || width === null) return false;
    const window = pending.subarray(0, bytes);
    return parseRun(window, delimiter, accept).stop !== 'damaged' && !hidesRecord(window, delimiter, width);
  }

  /** Gives one line as a fault, or as the record that it is once its formulas are `mended`. */
  function giveLine(end: number, mended: string | null, damage: Damage): void {
    const start = at;
    pass(end);
    const [record] = mended === null ? [] : parseRun(Buffer.from(mended), delimiter, () => true).records;
    if (record === undefined) push(null, damage, start);
    else pushCells(record.cells, end, start);
  }

  function quoteDamage({ openQuote, strayQuote }: InspectedLine): Damage {
    return strayQuote === null && openQuote !== null
      ? { fault: 'ROW_QUOTE_UNCLOSED', detail: { cell: openQuote } }
      : { fault: 'ROW_QUOTE_STRAY', detail: { cell: strayQuote ?? 1 } };
  }

  function lengthDamage(line: InspectedLine): Damage {
    if (line.strayQuote !== null) return quoteDamage(line);
    if (line.openQuote !== null) return cellTooLong(line.openQuote);
    return line.longest.characters > maxCell
      ? cellTooLong(line.longest.cell)
      : { fault: 'ROW_TOO_LONG', detail: { max: most } };
  }

  function cellTooLong(cell: number): Damage {
    return { fault: 'ROW_CELL_TOO_LONG', detail: { cell, max: maxCell } };
  }

  /** Passes over a record that is too long to be held. False when its end is still to come. */
  function passLong({ record, damage, at: start }: LongOne, isLast: boolean): boolean {
    const { end, isOver } = record.take(pending, isLast);
    pass(end);
    if (!isOver) return false;
    push(null, damage, start);
    long = null;
    return true;
  }

  return {
    take(chunk, isLast) {
      found = [];
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      if (!isLast && pending.length < enough && pending.length <= most) return found;
      enough = 0;
      while (pending.length > 0 || (isLast && long !== null)) {
        if (long !== null) {
          if (!passLong(long, isLast)) break;
          continue;
        }
        const run = parseRun(pending.subarray(0, isLast ? pending.length : wholeLines(pending)), delimiter, accept);
        give(run);
        const mayGoOn = !isLast && pending.length <= most;
        if (run.stop === 'unclosed' && mayGoOn) {
          enough = pending.length * 2;
          break;
        }
        if (run.stop === null && (isLast || mayGoOn)) break;
        judge();
      }
      return found;
    },
  };
}
