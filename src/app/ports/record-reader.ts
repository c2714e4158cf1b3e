import type { FaultCode } from '../../domain/faults.ts';
import type { FilePattern } from '../../domain/partner.ts';

/** Why a record can't be read as the row that it should be. */
export type RecordFault = Extract<
  FaultCode,
  | 'ROW_CELLS_TOO_FEW'
  | 'ROW_CELLS_TOO_MANY'
  | 'ROW_QUOTE_STRAY'
  | 'ROW_QUOTE_UNCLOSED'
  | 'ROW_CELL_TOO_LONG'
  | 'ROW_TOO_LONG'
>;

/** Where a record stands. */
export interface RecordPlace {
  /** As a spreadsheet shows it: header 1, first record 2, blank lines counted. */
  readonly rowNumber: number;
  /** The byte of the file at which the record begins. Null in encodings without a fixed number of bytes a character. */
  readonly at: number | null;
  /** The byte at which the next one begins: where reading can go on. */
  readonly next: number | null;
}

export interface ReadableRecord extends RecordPlace {
  readonly cells: readonly string[];
}

/** `detail` has the numbers for its fault's message: `cell` counts from 1. */
export interface UnreadableRecord extends RecordPlace {
  readonly fault: RecordFault;
  readonly detail: Readonly<Record<string, number>>;
}

export type FileRecord = ReadableRecord | UnreadableRecord;

/** What an encoding was decided by, in the order in which it is asked. */
export type EncodingReason = 'config' | 'byte_order_mark' | 'zero_bytes' | 'ascii' | 'valid_utf8' | 'fallback';

export interface EncodingFinding {
  readonly encoding: string;
  readonly why: EncodingReason;
  /** `certain`: no other encoding gives a text. `high`: another would be a coincidence. `low`: a person should look. */
  readonly confidence: 'certain' | 'high' | 'low';
}

export interface OpenedRecords {
  readonly encoding: string;
  readonly delimiter: string;
  /** Null where reading went on: it was found when the file was read first. */
  readonly finding: EncodingFinding | null;
  readonly header: readonly string[];
  /**
   * In file order, at constant memory. Every record comes once, as its cells or as a fault; only blank lines and the
   * footer of a Salesforce report are passed over. Can be iterated more than once.
   */
  readonly records: AsyncIterable<FileRecord>;
}

/** A file that cannot be read as a whole. */
export interface UnreadableFile {
  readonly fault: FaultCode;
  readonly detail: Readonly<Record<string, string | number>>;
}

/** Where an earlier reading of the same bytes has come to, and how it understood them. */
export interface ReadingPoint {
  readonly encoding: string;
  readonly delimiter: string;
  /** Of the last row that was taken. */
  readonly rowNumber: number;
  /** `next` of that row. */
  readonly offset: number;
}

export interface ReadingLimits {
  readonly maxBytes: number;
  /** Rows that are not blank. */
  readonly maxRows: number;
  /** Characters of one cell. */
  readonly maxCell: number;
}

/** Reads CSV: encoding and delimiter from the pattern, else detected over the whole file. */
export interface RecordReader {
  /** With `from`, reads the header and what stands behind that point, and nothing between. */
  open(
    path: string,
    pattern: FilePattern,
    limits: ReadingLimits,
    from?: ReadingPoint,
  ): Promise<OpenedRecords | UnreadableFile>;
  /**
   * Tells the bytes under a path from any others without reading them: by inode, size and time of change. Equal marks:
   * nobody has written or replaced the file in between.
   */
  mark(path: string): Promise<string>;
}
