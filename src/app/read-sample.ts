import type { Sample } from '../domain/propose-partner.ts';
import type { OpenedRecords, RecordReader, UnreadableFile } from './ports/record-reader.ts';

/** The header and the first rows of a file, and how it was understood. */
export type ReadSample =
  | UnreadableFile
  | (Sample & Pick<OpenedRecords, 'encoding' | 'delimiter'> & { readonly isEncodingSure: boolean });

const sampleRows = 1_000;
const noLimits = {
  maxBytes: Number.MAX_SAFE_INTEGER,
  maxRows: Number.MAX_SAFE_INTEGER,
  maxCell: 1_000_000,
};

/** Reads a sample of a partner's exports, before there is a config for it. Records that can't be read are passed over. */
export async function readSample(records: RecordReader, path: string): Promise<ReadSample> {
  const opened = await records.open(path, { match: '*' }, noLimits);
  if ('fault' in opened) return opened;
  const rows: (readonly string[])[] = [];
  for await (const record of opened.records) {
    if ('cells' in record) rows.push(record.cells);
    if (rows.length >= sampleRows) break;
  }
  const { encoding, delimiter, header, finding } = opened;
  return { header, rows, encoding, delimiter, isEncodingSure: finding?.confidence !== 'low' };
}
