import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ingestFile } from '../../src/app/ingest-file.ts';
import { rejectFile } from '../../src/app/reject-file.ts';
import { leadsCsv } from '../e2e/leads-file.ts';
import { createLedgerDatabase, type TestDatabase } from '../support/database.ts';
import { scratchFolder, type ScratchFolder } from '../support/scratch-folder.ts';
import { anIntake, type TestIntake } from './an-intake.ts';

const never = new AbortController().signal;
const act = { actor: 'cli:ana', reason: 'export broke off' };

let database: TestDatabase;
let scratch: ScratchFolder;
let intake: TestIntake;

beforeAll(async () => {
  database = await createLedgerDatabase('reject file');
});
afterAll(() => database.drop());
beforeEach(async () => {
  scratch = await scratchFolder();
  intake = await anIntake(database.url, scratch.path);
  return async () => {
    await intake.close();
    await scratch.remove();
  };
});

let files = 0;

async function arrived(): Promise<string> {
  files += 1;
  const path = join(scratch.path, `export-${files}.csv`);
  await writeFile(path, leadsCsv(3, `${files}-`));
  return intake.accept(path);
}

async function read(): Promise<string> {
  const fileId = await arrived();
  await ingestFile(intake.ports, fileId, never);
  return fileId;
}

async function rejected(): Promise<readonly string[]> {
  const names: string[] = await readdir(join(scratch.path, 'rejected', 'acme')).catch(() => []);
  return names.toSorted();
}

it('turns away what has not been read yet, from where it was claimed', async () => {
  const fileId = await arrived();
  expect(await rejectFile(intake.ports, fileId, act)).toMatchObject({ kind: 'done', file: { state: 'rejected' } });
  const name = `export-${files}.${fileId}.csv`;
  expect(await rejected()).toEqual([`${name}.reason.txt`, `${name}.sealed`]);
  expect(await readFile(join(scratch.path, 'rejected', 'acme', `${name}.reason.txt`), 'utf8')).toBe(
    'FILE_REJECTED\nUn operador ha rechazado el fichero: export broke off\n',
  );
  expect(await intake.ports.folders.listClaimed()).toEqual([]);
  expect(await intake.ports.ledger.filesDue()).toEqual([]);
});

it('turns away what has been read, out of the archive, with its rows', async () => {
  const fileId = await read();
  expect(await rejectFile(intake.ports, fileId, act)).toMatchObject({ kind: 'done' });
  expect(await rejected()).toHaveLength(2);
  expect(await intake.ports.folders.isArchived('acme', fileId)).toBe(false);
  expect(await intake.ports.ledger.countExactly(fileId)).toEqual({ cancelled: 3 });
  expect(await rejectFile(intake.ports, fileId, act)).toMatchObject({ kind: 'refused', why: 'over' });
});

it('can be repeated after a crash between the bytes and the ledger', async () => {
  const fileId = await read();
  const { ledger } = intake.ports;
  const broken = { ...intake.ports, ledger: { ...ledger, cancelRows: () => Promise.reject(new Error('gone')) } };
  await expect(rejectFile(broken, fileId, act)).rejects.toThrow('gone');
  // Held meanwhile, so nothing of it is sent.
  expect(await ledger.file(fileId)).toMatchObject({ state: 'held', code: 'FILE_HELD' });
  expect(await rejectFile(intake.ports, fileId, act)).toMatchObject({ kind: 'done', file: { code: 'FILE_REJECTED' } });
  expect(await rejected()).toHaveLength(2);
});

it('says so on a host that does not have the bytes, and leaves the file held', async () => {
  const fileId = await read();
  const elsewhere = await anIntake(database.url, join(scratch.path, 'elsewhere'));
  expect(await rejectFile(elsewhere.ports, fileId, act)).toMatchObject({ kind: 'refused', why: 'not_here' });
  expect(await intake.ports.ledger.file(fileId)).toMatchObject({ state: 'held' });
  await elsewhere.close();
});

it.each(['is on its way', 'may exist, and its create waits to be repeated'])(
  'refuses once a lead of it %s',
  async (how) => {
    const fileId = await read();
    const { ledger } = intake.ports;
    const [row] = await ledger.rows({ fileId, limit: 1 });
    const base = { rowId: row?.id ?? '', fence: 0, audit: { action: 'row.tested', actor: 'test' } } as const;
    await ledger.move({ ...base, from: ['received'], to: 'checked' });
    await ledger.move({
      ...base,
      from: ['checked'],
      to: 'submitting',
      set: { holder: 'worker-1' },
      begin: { attemptId: crypto.randomUUID(), step: 'create', instance: 'worker-1' },
    });
    if (how !== 'is on its way') {
      const waits = { to: 'waiting', set: { step: 'create', code: 'API_NO_ANSWER' } } as const;
      const { fence } = (await ledger.row(base.rowId)) ?? base;
      expect(await ledger.move({ ...base, fence, from: ['submitting'], ...waits })).toMatchObject({ won: true });
    }
    expect(await rejectFile(intake.ports, fileId, act)).toMatchObject({ kind: 'refused', why: 'leads_exist' });
    expect(await ledger.file(fileId)).toMatchObject({ state: 'read' });
    expect(await rejected()).toEqual([]);
  },
);
