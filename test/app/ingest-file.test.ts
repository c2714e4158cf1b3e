import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import iconv from 'iconv-lite';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ingestFile } from '../../src/app/ingest-file.ts';
import { leadsCsv } from '../e2e/leads-file.ts';
import { createLedgerDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { scratchFolder, type ScratchFolder } from '../support/scratch-folder.ts';
import { anIntake, type TestIntake } from './an-intake.ts';

const run = promisify(execFile);
const child = fileURLToPath(new URL('./ingest-process.ts', import.meta.url));
const never = new AbortController().signal;

let database: TestDatabase;
let scratch: ScratchFolder;
let intake: TestIntake;

beforeAll(async () => {
  database = await createLedgerDatabase('ingest file');
  scratch = await scratchFolder();
  intake = await anIntake(database.url, scratch.path);
});

afterAll(async () => {
  await intake.close();
  await database.drop();
  await scratch.remove();
});

async function aFile(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(scratch.path, name);
  await writeFile(path, content);
  return path;
}

async function rowsOf(
  fileId: string,
): Promise<{ readonly rows: number; readonly distinct: number; readonly last: number }> {
  const { rows } = await sql<{ rows: number; distinct: number; last: number }>`
    select count(*)::int as rows, count(distinct identity)::int as distinct, max(row_number) as last
    from ledger_row where file_id = ${fileId}`.execute(intake.db);
  return rows[0] ?? { rows: 0, distinct: 0, last: 0 };
}

/** Starts reading in a process of its own and kills it with -9 once it has committed this row. */
async function killAfter(fileId: string, row: number): Promise<number> {
  const reading = spawn(process.execPath, [child, database.url, scratch.path, fileId], { stdio: 'ignore' });
  const ended = once(reading, 'exit');
  await eventually(
    'the checkpoint',
    async () => ((await intake.ports.ledger.file(fileId))?.lastRow ?? 0) >= row,
    120_000,
  );
  reading.kill('SIGKILL');
  await ended;
  // What the server still had of the killed connection is settled.
  await eventually('its connections are gone', async () => {
    const { rows } = await sql`select from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'`.execute(intake.db);
    return rows.length === 0;
  });
  return (await intake.ports.ledger.file(fileId))?.lastRow ?? 0;
}

async function readOn(fileId: string): Promise<{ readonly outcome: string; readonly bytesRead: number }> {
  const { stdout } = await run(process.execPath, [child, database.url, scratch.path, fileId]);
  return JSON.parse(stdout) as { outcome: string; bytesRead: number };
}

describe('a file whose reader is killed with -9', () => {
  it.each([
    ['UTF-8', (text: string) => Buffer.from(text)],
    ['UTF-16 with a byte order mark', (text: string) => iconv.encode(text, 'utf-16le', { addBOM: true })],
  ])(
    'is read on from the checkpoint: %s',
    async (encoding, encode) => {
      const rows = encoding === 'UTF-8' ? 200_000 : 20_000;
      const text = leadsCsv(rows, `${encoding}-`).replaceAll('Persona Inventada', '"Persona\nInventada"');
      const path = await aFile(`${encoding}.csv`, encode(text));
      const { size } = await stat(path);
      const fileId = await intake.accept(path);

      const last = await killAfter(fileId, rows / 2);
      expect(last).toBeLessThan(rows);
      const { readOffset } = (await intake.ports.ledger.file(fileId)) ?? {};
      const { outcome, bytesRead } = await readOn(fileId);

      expect(outcome).toBe('read');
      expect(await rowsOf(fileId)).toEqual({ rows, distinct: rows, last: rows + 1 });
      // The rest once, and a few chunks at the start of the file: its byte order mark, its delimiter, its header.
      expect(readOffset).toBeGreaterThan(size / 3);
      expect(bytesRead).toBeGreaterThanOrEqual(size - (readOffset ?? 0));
      expect(bytesRead).toBeLessThan(size - (readOffset ?? 0) + 300_000);
    },
    300_000,
  );
});

describe('reading goes on', () => {
  it('without hashing the copy again while nobody has touched it, and with it once somebody has', async () => {
    const path = await aFile('touched.csv', leadsCsv(3000, 'touched-'));
    const fileId = await intake.accept(path);
    const stopping = new AbortController();
    stopping.abort();
    expect(await ingestFile(intake.ports, fileId, stopping.signal)).toMatchObject({ outcome: 'stopped' });
    const [claimed] = (await intake.ports.folders.listClaimed()).filter(({ name }) => name === 'touched.csv');
    const before = await stat(claimed?.path ?? '');
    expect(await ingestFile(intake.ports, fileId, stopping.signal)).toMatchObject({ outcome: 'stopped' });
    expect((await stat(claimed?.path ?? '')).ino).toBe(before.ino);

    const bytes = await readFile(claimed?.path ?? '');
    bytes[bytes.length - 2] = 0x58;
    await writeFile(claimed?.path ?? '', bytes);
    expect(await ingestFile(intake.ports, fileId, never)).toMatchObject({ outcome: 'FILE_CHANGED_WHILE_READ' });
    expect(await intake.ports.ledger.file(fileId)).toMatchObject({ state: 'quarantined' });
  });

  it('by counting rows where an encoding has no place to go on at', async () => {
    const text = leadsCsv(1500, 'gbk-');
    const chinese = await anIntake(database.url, scratch.path, {
      files: { leads: { match: '*.csv', encoding: 'gbk' }, updates: null, mixed: null },
    });
    const fileId = await chinese.accept(await aFile('gbk.csv', iconv.encode(text.replaceAll('sí', 'si'), 'gbk')));
    const stopping = new AbortController();
    stopping.abort();
    expect(await ingestFile(chinese.ports, fileId, stopping.signal)).toMatchObject({ outcome: 'stopped' });
    expect(await chinese.ports.ledger.file(fileId)).toMatchObject({ lastRow: 1251, readOffset: null });
    expect(await ingestFile(chinese.ports, fileId, never)).toMatchObject({ outcome: 'read' });
    expect(await rowsOf(fileId)).toEqual({ rows: 1500, distinct: 1500, last: 1501 });
    await chinese.close();
  });
});

describe('the ledger', () => {
  it('keeps what the encoding was decided by', async () => {
    const text = leadsCsv(3, 'why-').replaceAll('Persona Inventada', 'José Muñoz');
    const fileId = await intake.accept(await aFile('why.csv', iconv.encode(text, 'win1252')));
    await ingestFile(intake.ports, fileId, never);
    expect(await intake.ports.ledger.file(fileId)).toMatchObject({
      encoding: 'windows-1252',
      encodingWhy: 'fallback',
      encodingConfidence: 'high',
      delimiter: ';',
    });
  });

  it('has a malformed record as a row with its number, its reason and its place in the file', async () => {
    const good = leadsCsv(2, 'bad-');
    const fileId = await intake.accept(await aFile('bad.csv', `${good}bad-3;"open;x;y;z\nbad-4;x\n`));
    await ingestFile(intake.ports, fileId, never);
    const rows = await intake.ports.ledger.rows({ fileId, state: 'rejected', limit: 10 });
    expect(rows.toSorted((a, b) => (a.rowNumber ?? 0) - (b.rowNumber ?? 0))).toMatchObject([
      {
        rowNumber: 4,
        code: 'ROW_QUOTE_UNCLOSED',
        problems: [{ code: 'ROW_QUOTE_UNCLOSED', detail: { cell: 2, byte: Buffer.byteLength(good) } }],
      },
      { rowNumber: 5, code: 'ROW_CELLS_TOO_FEW', problems: [{ detail: { cells: 2, expected: 5 } }] },
    ]);
  });
});
