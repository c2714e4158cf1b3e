import type { FaultCode } from '../../domain/faults.ts';
import type { FilePattern } from '../../domain/partner.ts';

/** One record of a file, numbered as a spreadsheet shows it: header 1, first record 2, blank lines counted. */
export type FileRecord =
  | { readonly rowNumber: number; readonly cells: readonly string[] }
  | { readonly rowNumber: number; readonly fault: 'ROW_UNREADABLE' };

export interface OpenedRecords {
  readonly encoding: string;
  readonly delimiter: string;
  readonly header: readonly string[];
  /** In file order, at constant memory. Every record of the file comes once, unreadable ones as a fault. */
  readonly records: AsyncIterable<FileRecord>;
}

/** A file that cannot be read as a whole. */
export interface UnreadableFile {
  readonly fault: FaultCode;
  readonly detail: Readonly<Record<string, string | number>>;
}

/** Reads CSV: encoding and delimiter from the pattern, else detected over the whole file. */
export interface RecordReader {
  open(
    path: string,
    pattern: FilePattern,
    limits: { readonly maxBytes: number; readonly maxRows: number },
  ): Promise<OpenedRecords | UnreadableFile>;
}
