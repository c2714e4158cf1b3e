import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ingestFile } from '../../src/app/ingest-file.ts';
import type { LedgerFileView } from '../../src/app/ports/ledger.ts';
import type { Partner } from '../../src/domain/partner.ts';
import { leadsCsv, nifOf } from '../e2e/leads-file.ts';
import { createLedgerDatabase, type TestDatabase } from '../support/database.ts';
import { scratchFolder, type ScratchFolder } from '../support/scratch-folder.ts';
import { anIntake, type TestIntake } from './an-intake.ts';

const never = new AbortController().signal;
const drift = { header: true, smallerPercent: 60, biggerTimes: 5, emptiedPercent: 90 };

let database: TestDatabase;
let scratch: ScratchFolder;
const opened: TestIntake[] = [];

beforeAll(async () => {
  database = await createLedgerDatabase('guard file');
  scratch = await scratchFolder();
});

afterAll(async () => {
  for (const intake of opened) await intake.close();
  await database.drop();
  await scratch.remove();
});

/** What reading takes for a partner of its own. */
async function partnerOf(id: string, changes: Partial<Partner> = {}): Promise<TestIntake> {
  const intake = await anIntake(database.url, scratch.path, { id, drift, ...changes });
  opened.push(intake);
  return intake;
}

let files = 0;

/** Reads a file to its end, as its job does; answers it as it then stands. */
async function read(intake: TestIntake, text: string): Promise<LedgerFileView> {
  const path = join(scratch.path, `${(files += 1)}.csv`);
  await writeFile(path, text);
  const fileId = await intake.accept(path);
  await ingestFile(intake.ports, fileId, never);
  const file = await intake.ports.ledger.fileView(fileId);
  if (file === null) throw new Error('the file is gone');
  return file;
}

async function due(intake: TestIntake, partner: string): Promise<number> {
  return (await intake.ports.ledger.dueRows('lead', partner, null, 1_000)).length;
}

const act = { actor: 'cli:ana', reason: 'seen' };

describe('a file is held before its first call', () => {
  it('when its header is not that of the last accepted one, whatever its case and accents', async () => {
    const intake = await partnerOf('headers');
    expect(await read(intake, leadsCsv(6, 'A-'))).toMatchObject({ state: 'read', rowCount: 6 });
    expect((await read(intake, leadsCsv(6, 'B-').replace('Teléfono', 'TELEFONO'))).state).toBe('read');
    expect(await due(intake, 'headers')).toBe(12);
    const held = await read(intake, leadsCsv(6, 'C-').replace('Teléfono', 'Móvil'));
    expect(held).toMatchObject({
      state: 'held',
      heldFrom: 'read',
      code: 'FILE_HEADER_CHANGED',
      heldBecause: [{ code: 'FILE_HEADER_CHANGED' }],
      heldBack: 6,
    });
    expect(await due(intake, 'headers')).toBe(12);
    expect(await intake.ports.folders.isArchived('headers', held.id)).toBe(true);
    // A held file is no accepted one: the next is compared with that before it, until somebody lets it through.
    expect((await read(intake, leadsCsv(6, 'D-').replace('Teléfono', 'Móvil'))).state).toBe('held');
    await intake.ports.ledger.releaseFile(held.id, act);
    expect((await read(intake, leadsCsv(6, 'E-').replace('Teléfono', 'Móvil'))).state).toBe('read');
  });

  it('when it is much smaller or larger than usual, and a field is empty that never was', async () => {
    const intake = await partnerOf('sizes');
    for (const prefix of ['A-', 'B-', 'C-']) await read(intake, leadsCsv(30, prefix));
    const names = leadsCsv(10, 'D-').replaceAll(/99\d{6}[A-Z]/g, '');
    expect(await read(intake, names)).toMatchObject({
      state: 'held',
      code: 'FILE_SIZE_UNUSUAL',
      heldBecause: [
        { code: 'FILE_SIZE_UNUSUAL', detail: { rows: 10, usual: 30 } },
        { code: 'FILE_COLUMN_EMPTY', column: 'dni', detail: { percent: 100 } },
      ],
    });
    expect((await read(intake, leadsCsv(151, 'E-'))).code).toBe('FILE_SIZE_UNUSUAL');
    expect((await read(intake, leadsCsv(60, 'F-'))).state).toBe('read');
  });

  it('when one id stands on more than three rows that differ', async () => {
    const intake = await partnerOf('contacts');
    const [header, ...lines] = leadsCsv(8, 'K-').trimEnd().split('\n');
    const oneContact = (rows: number): string =>
      [header, ...lines.map((line, at) => (at < rows ? line.replace(/^K-\d+/, 'CONTACT-1') : line)), ''].join('\n');
    expect((await read(intake, oneContact(3))).state).toBe('read');
    expect(await read(intake, oneContact(4))).toMatchObject({
      code: 'FILE_ID_REPEATED',
      heldBecause: [{ code: 'FILE_ID_REPEATED', detail: { rows: 4 } }],
    });
    const any = await partnerOf('contacts', {
      limits: { ...intake.ports.partners.get('contacts')!.limits, rowsPerId: null },
    });
    expect((await read(any, oneContact(5))).state).toBe('read');
  });

  it('not for repeating itself word for word', async () => {
    const intake = await partnerOf('echo');
    const line = `E-1;${nifOf(1)};Persona Inventada;600000001;sí`;
    const text = ['partnerLeadId;NIF;Nombre;Teléfono;Acepta política de privacidad', ...Array(9).fill(line), ''];
    expect(await read(intake, text.join('\n'))).toMatchObject({ state: 'read', counts: { received: 1, duplicate: 8 } });
  });

  it('by no rule that is off', async () => {
    const off = { header: false, smallerPercent: null, biggerTimes: null, emptiedPercent: null };
    const intake = await partnerOf('off', { drift: off });
    for (const prefix of ['A-', 'B-', 'C-']) await read(intake, leadsCsv(30, prefix));
    expect((await read(intake, leadsCsv(2, 'D-').replace('Teléfono', 'Móvil'))).state).toBe('read');
  });
});

describe('after a new mapping', () => {
  it('so many rows go, until a file was settled under it', async () => {
    const intake = await partnerOf('mapped', { firstRows: 2 });
    const first = await read(intake, leadsCsv(6, 'A-'));
    expect(first).toMatchObject({ state: 'held', code: 'FILE_FIRST_ROWS', letThroughTo: 3, heldBack: 4 });
    expect(await due(intake, 'mapped')).toBe(2);
    await intake.ports.ledger.releaseFile(first.id, act);
    expect(await due(intake, 'mapped')).toBe(6);
    // Released is not settled: the same holds for the next one.
    expect((await read(intake, leadsCsv(6, 'B-'))).code).toBe('FILE_FIRST_ROWS');
    await intake.ports.ledger.settleFile(first.id, { version: 1, moves: 0 }, 'test');
    expect((await read(intake, leadsCsv(6, 'C-'))).state).toBe('read');
  });
});

it('counts what it has read across a stop: the file is judged as a whole', async () => {
  const intake = await partnerOf('stopped');
  const path = join(scratch.path, 'stopped.csv');
  await writeFile(path, leadsCsv(1_500, 'S-'));
  const fileId = await intake.accept(path);
  const stopping = new AbortController();
  stopping.abort();
  expect(await ingestFile(intake.ports, fileId, stopping.signal)).toMatchObject({ outcome: 'stopped' });
  expect((await intake.ports.ledger.file(fileId))?.rowCount).toBeLessThan(1_500);
  await ingestFile(intake.ports, fileId, never);
  expect(await intake.ports.ledger.file(fileId)).toMatchObject({
    state: 'read',
    rowCount: 1_500,
    filled: { dni: 1_500, phone: 1_500, partnerLeadId: 1_500 },
  });
});

it('stops reading at once when somebody holds the file, and goes on where it stopped', async () => {
  const intake = await partnerOf('held while read');
  const path = join(scratch.path, 'held.csv');
  await writeFile(path, leadsCsv(2_000, 'H-'));
  const fileId = await intake.accept(path);
  const { ledger } = intake.ports;
  let batches = 0;
  const holding = {
    ...intake.ports,
    ledger: {
      ...ledger,
      insertRows: async (...args: Parameters<typeof ledger.insertRows>) => {
        const written = await ledger.insertRows(...args);
        if ((batches += 1) === 1) await ledger.holdFile(fileId, act);
        return written;
      },
    },
  };
  expect(await ingestFile(holding, fileId, never)).toMatchObject({ outcome: 'stopped' });
  const held = await ledger.fileView(fileId);
  expect(held).toMatchObject({ state: 'held', heldFrom: 'reading' });
  expect(held?.counts['received']).toBeLessThan(2_000);
  expect(await ingestFile(intake.ports, fileId, never)).toMatchObject({ outcome: 'not_to_read' });
  await ledger.releaseFile(fileId, act);
  await ingestFile(intake.ports, fileId, never);
  expect(await ledger.fileView(fileId)).toMatchObject({ state: 'read', counts: { received: 2_000 } });
});

describe('a file that was taken in with another config than this process has', () => {
  async function takenIn(
    id: string,
  ): Promise<{ readonly older: TestIntake; readonly newer: TestIntake; fileId: string }> {
    const older = await partnerOf(id, { version: 'older' });
    const newer = await partnerOf(id, { version: 'newer' });
    const path = join(scratch.path, `${id}.csv`);
    await writeFile(path, leadsCsv(3, `${id}-`));
    return { older, newer, fileId: await newer.accept(path) };
  }

  it('waits until the process has taken that config up', async () => {
    const { older, newer, fileId } = await takenIn('edited');
    expect(await ingestFile(older.ports, fileId, never)).toMatchObject({ outcome: 'config_not_here' });
    expect(await newer.ports.ledger.fileView(fileId)).toMatchObject({ state: 'reading', counts: {} });
    expect(await ingestFile(newer.ports, fileId, never)).toMatchObject({ outcome: 'read' });
    expect((await newer.ports.ledger.file(fileId))?.configVersion).toBe('newer');
  });

  it('is read with the one in force where that one does not come, and says so', async () => {
    const { older, fileId } = await takenIn('edited again');
    await sql`update file set due_at = due_at - interval '1 minute' where id = ${fileId}`.execute(older.db);
    expect(await ingestFile(older.ports, fileId, never)).toMatchObject({ outcome: 'read' });
    expect(await older.ports.ledger.file(fileId)).toMatchObject({ configVersion: 'older', rowCount: 3 });
  });
});
