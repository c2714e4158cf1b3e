import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { csvRecordReader } from '../../../src/adapters/csv/csv-record-reader.ts';
import type { FileRecord, OpenedRecords, UnreadableFile } from '../../../src/app/ports/record-reader.ts';
import type { FilePattern } from '../../../src/domain/partner.ts';

const folder = await mkdtemp(join(tmpdir(), 'leadsync-csv-'));
let files = 0;

afterAll(() => rm(folder, { recursive: true }));

export const generous = { maxBytes: 1 << 30, maxRows: 1_000_000 };

/** Writes a file of these bytes and answers its path. */
export async function aFile(content: string | Uint8Array): Promise<string> {
  const path = join(folder, `${files++}.csv`);
  await writeFile(path, content);
  return path;
}

/** Opens a file of these bytes. */
export async function openFile(
  content: string | Uint8Array,
  pattern: Partial<FilePattern> = {},
  limits = generous,
): Promise<OpenedRecords | UnreadableFile> {
  return csvRecordReader.open(await aFile(content), { match: '*.csv', ...pattern }, limits);
}

/** Everything in a file that must be readable. */
export async function readFile(
  content: string | Uint8Array,
  pattern: Partial<FilePattern> = {},
): Promise<Omit<OpenedRecords, 'records'> & { readonly records: readonly FileRecord[] }> {
  const opened = await openFile(content, pattern);
  if ('fault' in opened) throw new Error(`${opened.fault} ${JSON.stringify(opened.detail)}`);
  return { ...opened, records: await Array.fromAsync(opened.records) };
}

/** Records as one readable line each: `2: a|b` or `3: unreadable`. */
export function inShort(records: readonly FileRecord[]): readonly string[] {
  return records.map((record) =>
    'cells' in record ? `${record.rowNumber}: ${record.cells.join('|')}` : `${record.rowNumber}: unreadable`,
  );
}
