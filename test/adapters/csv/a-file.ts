import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { csvRecordReader } from '../../../src/adapters/csv/csv-record-reader.ts';
import type { FileRecord, OpenedRecords, ReadingPoint, UnreadableFile } from '../../../src/app/ports/record-reader.ts';
import type { FilePattern } from '../../../src/domain/partner.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';

const folder = await scratchFolder();
let files = 0;

afterAll(() => folder.remove());

export const generous = { maxBytes: 1 << 30, maxRows: 1_000_000, maxCell: 32_767 };

/** Writes a file of these bytes and answers its path. */
export async function aFile(content: string | Uint8Array): Promise<string> {
  const path = join(folder.path, `${files++}.csv`);
  await writeFile(path, content);
  return path;
}

/** Opens a file of these bytes. */
export async function openFile(
  content: string | Uint8Array,
  pattern: Partial<FilePattern> = {},
  limits = generous,
  from?: ReadingPoint,
): Promise<OpenedRecords | UnreadableFile> {
  return csvRecordReader.open(await aFile(content), { match: '*.csv', ...pattern }, limits, from);
}

/** Everything in a file that must be readable. */
export async function readFile(
  content: string | Uint8Array,
  pattern: Partial<FilePattern> = {},
  limits = generous,
  from?: ReadingPoint,
): Promise<Omit<OpenedRecords, 'records'> & { readonly records: readonly FileRecord[] }> {
  const opened = await openFile(content, pattern, limits, from);
  if ('fault' in opened) throw new Error(`${opened.fault} ${JSON.stringify(opened.detail)}`);
  return { ...opened, records: await Array.fromAsync(opened.records) };
}

/** Records as one readable line each: `2: a|b` or `3: ROW_QUOTE_STRAY cell 2`. */
export function inShort(records: readonly FileRecord[]): readonly string[] {
  return records.map((record) => {
    const told =
      'cells' in record ? record.cells.join('|') : [record.fault, ...Object.entries(record.detail).flat()].join(' ');
    return `${record.rowNumber}: ${told}`;
  });
}

/** The rows below a header of three columns, in short. */
export async function rowsOf(body: string, limits = generous): Promise<readonly string[]> {
  return inShort((await readFile(`ID,Nombre,Tel\n${body}`, {}, limits)).records);
}
