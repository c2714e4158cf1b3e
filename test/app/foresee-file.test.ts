import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFileClaims } from '../../src/adapters/ledger/file-claims.ts';
import { dryRun, type DryRun } from '../../src/app/dry-run.ts';
import { ingestFile } from '../../src/app/ingest-file.ts';
import { previewReread, rereadFile } from '../../src/app/reread-file.ts';
import type { FileKind } from '../../src/domain/file-life.ts';
import type { Partner } from '../../src/domain/partner.ts';
import { leadsCsv } from '../e2e/leads-file.ts';
import { createLedgerDatabase, type TestDatabase } from '../support/database.ts';
import { scratchFolder, type ScratchFolder } from '../support/scratch-folder.ts';
import { anIntake, type TestIntake } from './an-intake.ts';

const never = new AbortController().signal;
const act = { actor: 'cli:ana', reason: 'columns mended' };

let database: TestDatabase;
let scratch: ScratchFolder;
const opened: TestIntake[] = [];

beforeAll(async () => {
  database = await createLedgerDatabase('foresee file');
  scratch = await scratchFolder();
});
afterAll(async () => {
  for (const intake of opened) await intake.close();
  await database.drop();
  await scratch.remove();
});

async function intakeOf(id: string, changes: Partial<Partner> = {}): Promise<TestIntake> {
  const intake = await anIntake(database.url, scratch.path, { id, ...changes });
  opened.push(intake);
  return intake;
}

let files = 0;

async function aFile(text: string): Promise<string> {
  const path = join(scratch.path, `${(files += 1)}.csv`);
  await writeFile(path, text);
  return path;
}

async function read(intake: TestIntake, text: string, kind: FileKind = 'leads'): Promise<string> {
  const fileId = await intake.accept(await aFile(text), kind);
  await ingestFile(intake.ports, fileId, never);
  return fileId;
}

function partnerOf({ ports }: TestIntake): Partner {
  const [partner] = ports.partners.list();
  if (partner === undefined) throw new Error('no partner');
  return partner;
}

/** A dry run and what it has written, by row. */
async function look(intake: TestIntake, text: string, kind: FileKind = 'leads') {
  const pieces: string[] = [];
  const run = await dryRun(
    intake.ports,
    { path: await aFile(text), partner: partnerOf(intake), kind },
    async (piece) => {
      pieces.push(typeof piece === 'string' ? piece : new TextDecoder('windows-1252').decode(piece));
    },
  );
  const [header = '', ...lines] = pieces.join('').replace('\uFEFF', '').trimEnd().split('\r\n');
  const names = header.split(';');
  const rows = lines.map((line) => Object.fromEntries(line.split(';').map((cell, at) => [names[at] ?? '', cell])));
  return { run, rows };
}

const counts = (run: DryRun) =>
  run.kind === 'looked' ? run.counts.map(({ outcome, code, rows }) => [rows, outcome, code]) : run.code;

/** As who has just looked at the file. */
async function readAgain({ db, ports }: TestIntake, fileId: string): ReturnType<typeof rereadFile> {
  const fileClaims = createFileClaims(db);
  return rereadFile({ ...ports, fileClaims }, fileId, { ...act, seen: await fileClaims.lastEvent(fileId) });
}

const tables = ['file', 'ledger_row', 'audit_event', 'wrapped_key', 'file_delta', 'attempt'];

async function sizes(intake: TestIntake): Promise<readonly unknown[]> {
  return Promise.all(
    tables.map((table) => sql`select count(*) from ${sql.table(table)}`.execute(intake.db).then((r) => r.rows)),
  );
}

describe('a dry run', () => {
  it('says of each row what an import would make of it, in the columns of a result file', async () => {
    const intake = await intakeOf('dry');
    const fileId = await read(intake, leadsCsv(2, 'D-'));
    const [last] = await intake.ports.ledger.rows({ fileId, limit: 1 });
    const [, ...lines] = leadsCsv(5, 'D-').trimEnd().split('\n');
    const text = [
      'partnerLeadId;NIF;Nombre;Teléfono;Acepta política de privacidad',
      ...lines,
      lines[4],
      lines[3]?.replace('Persona Inventada', 'Otra Persona'),
      lines[2]?.replace('D-3', 'D-9').replace(/;99\d+[A-Z];/, ';12;'),
      '',
    ];
    const { run, rows } = await look(intake, text.join('\n'));
    expect(counts(run)).toEqual([
      [3, 'duplicate', 'ROW_DUPLICATE'],
      [3, 'would_check', null],
      [1, 'duplicate', 'ROW_LEAD_CHANGE_HELD'],
      [1, 'rejected', 'ROW_NIF_INVALID'],
    ]);
    expect(rows[0]).toMatchObject({ row: '2', partnerLeadId: 'D-1', outcome: 'duplicate', firstRow: `${fileId}:2` });
    expect(rows[2]).toMatchObject({ row: '4', outcome: 'would_check', code: '', leadId: '', updatedAt: '' });
    expect(rows[5]).toMatchObject({ row: '7', outcome: 'duplicate', firstRow: '6' });
    expect(rows[7]).toMatchObject({ row: '9', outcome: 'rejected', column: 'dni' });
    expect(last?.rowNumber).toBe(3);
  });

  it('writes nothing in the ledger, not even a key', async () => {
    const intake = await intakeOf('untouched');
    const before = await sizes(intake);
    const { run } = await look(intake, leadsCsv(1_500, 'U-'));
    expect(counts(run)).toEqual([[1_500, 'would_check', null]]);
    expect(await sizes(intake)).toEqual(before);
  });

  it('foresees what the import then does', async () => {
    const intake = await intakeOf('foreseen');
    await read(intake, leadsCsv(20, 'F-'));
    const text = `${leadsCsv(30, 'F-')}${leadsCsv(30, 'F-').split('\n')[30] ?? ''}\n`;
    const { run } = await look(intake, text);
    const fileId = await read(intake, text);
    const states = await intake.ports.ledger.countExactly(fileId);
    expect(counts(run)).toEqual([
      [states['duplicate'], 'duplicate', 'ROW_DUPLICATE'],
      [states['received'], 'would_check', null],
    ]);
  });

  it('tells what would hold the file, and says why it can not be read', async () => {
    const drift = { header: true, smallerPercent: 60, biggerTimes: 5, emptiedPercent: 90 };
    const intake = await intakeOf('drifting', { drift });
    await read(intake, leadsCsv(6, 'G-'));
    const { run } = await look(intake, leadsCsv(6, 'H-').replace('Teléfono', 'Móvil'));
    expect(run).toMatchObject({ kind: 'looked', drift: [{ code: 'FILE_HEADER_CHANGED' }] });
    const { run: refused } = await look(intake, 'a;b\n1;2\n');
    expect(refused).toMatchObject({ kind: 'refused', code: 'FILE_COLUMNS_MISSING' });
  });

  it('of updates names the push as what comes first', async () => {
    const intake = await intakeOf('states');
    const { run } = await look(intake, 'leadId;estado;observacion\nL-1;7;x\nL-2;;x\n', 'updates');
    expect(counts(run)).toEqual([
      [1, 'rejected', 'ROW_FIELD_MISSING'],
      [1, 'would_push', null],
    ]);
  });
});

describe('reading a file again', () => {
  /** The header that this partner has called its phone by from the start. */
  const text = leadsCsv(4, 'R-').replace('Teléfono', 'Número directo');

  it('shows first what would change, and changes nothing by showing it', async () => {
    const blind = await intakeOf('reread', {
      columns: { phone: { headers: ['Número directo'] } },
      withoutNif: 'reject',
    });
    const fileId = await read(blind, text.replace(/;99\d+[A-Z];/, ';;'));
    const { ledger } = blind.ports;
    const [, registered] = (await ledger.rows({ fileId, limit: 10 })).toReversed();
    await ledger.move({
      rowId: registered?.id ?? '',
      from: ['received'],
      fence: 0,
      to: 'not_managed',
      audit: { action: 'row.tested', actor: 'test' },
    });
    const before = await sizes(blind);
    const mended = await intakeOf('reread', {
      columns: { phone: { headers: ['Número directo'] } },
      withoutNif: 'send',
      version: 'mended',
    });
    const preview = await previewReread(mended.ports, fileId);
    expect(preview).toMatchObject({
      kind: 'looked',
      changes: [
        { from: 'received', to: 'work', rows: 2 },
        { from: 'rejected', to: 'work', rows: 1 },
        { from: 'not_managed', to: 'stays', rows: 1 },
      ],
    });
    expect(await sizes(blind)).toEqual(before);

    const done = await readAgain(mended, fileId);
    if (done.kind !== 'done') throw new Error(done.why);
    expect(await ledger.countExactly(fileId)).toEqual({ cancelled: 2, not_managed: 1, rejected: 1 });
    expect(done.file).toMatchObject({ id: fileId, state: 'read' });
    expect(done.readAs).toMatchObject({ state: 'arrived', sameAs: fileId, isLetThrough: true });
    await ingestFile(mended.ports, done.readAs.id, never);
    expect(await ledger.countExactly(done.readAs.id)).toEqual({ received: 3, duplicate: 1 });
  });

  it('is not held for what a person has just looked at', async () => {
    const drift = { header: true, smallerPercent: null, biggerTimes: null, emptiedPercent: null };
    const intake = await intakeOf('looked at', { drift });
    await read(intake, leadsCsv(3, 'L-'));
    const fileId = await read(intake, leadsCsv(3, 'M-').replace('Teléfono', 'Móvil'));
    expect((await intake.ports.ledger.file(fileId))?.state).toBe('held');
    const done = await readAgain(intake, fileId);
    if (done.kind !== 'done') throw new Error(done.why);
    await ingestFile(intake.ports, done.readAs.id, never);
    expect(await intake.ports.ledger.fileView(done.readAs.id)).toMatchObject({
      state: 'read',
      counts: { received: 3 },
    });
  });

  it('sends no row twice when it is done twice', async () => {
    const intake = await intakeOf('twice');
    const fileId = await read(intake, leadsCsv(3, 'T-'));
    const ids: string[] = [];
    for (const id of [fileId, fileId]) {
      const done = await readAgain(intake, id);
      if (done.kind !== 'done') throw new Error(done.why);
      ids.push(done.readAs.id);
    }
    for (const id of ids) await ingestFile(intake.ports, id, never);
    const all = await Promise.all(ids.map((id) => intake.ports.ledger.countExactly(id)));
    expect(all).toEqual([{ received: 3 }, { duplicate: 3 }]);
  });

  it('needs the archive, the config and a file that was read', async () => {
    const intake = await intakeOf('refused');
    expect(await previewReread(intake.ports, '999999')).toMatchObject({ kind: 'refused', why: 'no_file' });
    const arrived = await intake.accept(await aFile(leadsCsv(2, 'N-')));
    expect(await previewReread(intake.ports, arrived)).toMatchObject({ why: 'not_read' });
    const elsewhere = { ...intake.ports, folders: { ...intake.ports.folders, archivedAt: async () => null } };
    const fileId = await read(intake, leadsCsv(2, 'O-'));
    expect(await previewReread(elsewhere, fileId)).toMatchObject({ why: 'not_here' });
    const unknown = { ...intake.ports, partners: { get: () => null, list: () => [], isBroken: () => false } };
    expect(
      await rereadFile({ ...unknown, fileClaims: createFileClaims(intake.db) }, fileId, { ...act, seen: '0' }),
    ).toMatchObject({ why: 'no_config' });
  });
});

describe('a mixed file', () => {
  const header = 'partnerLeadId;NIF;Nombre;Teléfono;Acepta política de privacidad;Estado del lead;Nota';
  const crm = (...states: readonly string[]): string => {
    const [, ...lines] = leadsCsv(states.length, 'X-').trimEnd().split('\n');
    return [header, ...lines.map((line, at) => `${line};${states[at] ?? ''}`), ''].join('\n');
  };
  const mixed = { columns: { observacion: { headers: ['Nota'] } } };

  it('is read as a lead and an update a record, which is of that lead by its identity and by no id', async () => {
    const intake = await intakeOf('mixed', mixed);
    const fileId = await read(intake, crm('5;uno', ';', '5;'), 'mixed');
    const rows = (await intake.ports.ledger.rows({ fileId, limit: 10 })).toReversed();
    expect(rows.map(({ rowNumber, kind, state, code }) => [rowNumber, kind, state, code])).toEqual([
      [2, 'lead', 'received', null],
      [3, 'lead', 'received', null],
      [4, 'lead', 'received', null],
      [2, 'update', 'waiting', 'ROW_LEAD_NOT_REGISTERED_YET'],
      [4, 'update', 'rejected', 'ROW_FIELD_MISSING'],
    ]);
    const { rows: keys } =
      await sql`select l.identity = u.identity as same, u.partner_lead_id as "ownId", l.content = u.content as said
      from ledger_row u join ledger_row l on l.id = u.lead_row
      where u.file_id = ${fileId} and u.kind = 'update' and u.row_number = 2`.execute(intake.db);
    expect(keys).toEqual([{ same: true, ownId: null, said: false }]);
    expect(await intake.ports.ledger.file(fileId)).toMatchObject({ rowCount: 3, lastRow: 4 });
  });

  it('is looked at row by row of each kind, and what the file itself has said counts', async () => {
    const intake = await intakeOf('mixed look', mixed);
    const [first = '', ...others] = crm('5;uno', ';', '7;dos').trimEnd().split('\n');
    const again = others[0]?.replace(';5;', ';7;');
    const refused = others[2]?.replace('X-3', 'X-9').replace(/;99\d+[A-Z];/, ';12;');
    const text = [first, ...others, others[0], again, refused, ''].join('\n');
    const { run, rows } = await look(intake, text, 'mixed');
    expect(rows.map(({ row, kind, outcome, code }) => `${row} ${kind} ${outcome} ${code}`)).toEqual([
      '2 lead would_check ',
      '2 update would_push ',
      '3 lead would_check ',
      '4 lead would_check ',
      '4 update would_push ',
      '5 lead duplicate ROW_DUPLICATE',
      '5 update duplicate ROW_UPDATE_REPEATED',
      '6 lead duplicate ROW_DUPLICATE',
      '6 update would_push ',
      '7 lead rejected ROW_NIF_INVALID',
      '7 update rejected ROW_LEAD_NOT_CREATED',
    ]);
    // Records: of some there are two rows.
    expect(run).toMatchObject({ kind: 'looked', rows: 6 });
    expect(run.kind === 'looked' && run.counts.map(({ kind, outcome, rows: n }) => `${n} ${kind} ${outcome}`)).toEqual(
      expect.arrayContaining(['3 lead would_check', '3 update would_push', '1 update rejected', '1 lead rejected']),
    );
  });

  it('that is read again shows what would change of each kind', async () => {
    const intake = await intakeOf('mixed again', mixed);
    const fileId = await read(intake, crm('5;uno', ';', '5;'), 'mixed');
    const mended = await intakeOf('mixed again', {
      ...mixed,
      version: 'mended',
      defaults: { motivoLlamada: '1', observacion: 'x' },
    });
    const preview = await previewReread(mended.ports, fileId);
    expect(preview).toMatchObject({
      changes: [
        { from: 'received', to: 'work', rows: 3 },
        { from: 'waiting', to: 'work', rows: 1 },
        { from: 'rejected', to: 'work', rows: 1 },
      ],
    });
    const done = await readAgain(mended, fileId);
    if (done.kind !== 'done') throw new Error(done.why);
    await ingestFile(mended.ports, done.readAs.id, never);
    expect(await intake.ports.ledger.fileView(fileId)).toMatchObject({
      countsByKind: { lead: { cancelled: 3 }, update: { cancelled: 1, rejected: 1 } },
    });
    expect(await intake.ports.ledger.fileView(done.readAs.id)).toMatchObject({
      kind: 'mixed',
      countsByKind: { lead: { received: 3 }, update: { waiting: 2 } },
    });
  });
});
