import { readdir, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acceptFile } from '../../src/app/accept-file.ts';
import { createErasing } from '../../src/app/carry-on-erasures.ts';
import { beginErasure, eraseRows } from '../../src/app/erase-rows.ts';
import { eraseFiles } from '../../src/app/erase-files.ts';
import { ingestFile } from '../../src/app/ingest-file.ts';
import { previewReread, rereadFile } from '../../src/app/reread-file.ts';
import { openLead, openPerson } from '../../src/app/row-payload.ts';
import { takeBackToWork } from '../../src/app/take-back-to-work.ts';
import { createFileClaims } from '../../src/adapters/ledger/file-claims.ts';
import { createReplayLedger } from '../../src/adapters/ledger/replays.ts';
import { act, anErasureWorld, type ErasureWorld } from './an-erasure.ts';

const header = 'ID;NIF;Nombre;Teléfono;Correo;Código postal;Acepta privacidad';
const ana = 'CRM-ANA-1;87.654.321-X;Ana Inventada Peñíscola;+34 612 345 679;Ana.Inventada@example.es;28013;sí';
/** Everything of her that stands anywhere, as it is written there. */
const values = [
  '87654321',
  '87.654.321-X',
  'Ana Inventada',
  'Peñíscola',
  '612345679',
  '612 345 679',
  'ana.inventada@example.es',
  'Ana.Inventada@example.es',
  'CRM-ANA',
];
const luis = 'CRM-LUIS;00000001R;Luis Inventado;600000001;luis@example.es;28013;sí';
const withHerPhone = 'CRM-OTHER;00000002W;Hijo Inventado;612345679;;;sí';
const signal = new AbortController().signal;

let the: ErasureWorld;
beforeEach(async () => {
  the = await anErasureWorld('erase person', { withoutNif: 'send' });
});
afterEach(() => the.close());

async function archived(fileId: string): Promise<string> {
  const path = join(the.home, 'archive/acme', `${fileId}.csv.sealed`);
  return Buffer.concat(await Array.fromAsync(the.intake.bytes.read(path, 0))).toString();
}
const linesOf = (text: string) => text.split('\r\n').map((line) => line.trim());
const rowsOf = async (fileId: string) =>
  (await the.ports.ledger.rows({ fileId, limit: 100 })).toSorted((a, b) => (a.rowNumber ?? 0) - (b.rowNumber ?? 0));

/** What an effect is about: ids and paths. */
function nameOf(argument: unknown): string {
  if (typeof argument !== 'object' || argument === null) return String(argument);
  return 'path' in argument ? String(argument.path) : '';
}

/**
 * As if the process were killed at the first effect that no process before it has had: the effect itself has happened, and
 * nobody hears of it.
 */
function killedAtFirstNewEffect(seen: Set<string>): ErasureWorld['ports'] {
  let isDead = false;
  const dying = <T extends object>(port: T, names: readonly (keyof T)[]): T => {
    const wrapped = { ...port };
    for (const name of names) {
      const method = port[name] as (...args: unknown[]) => Promise<unknown>;
      wrapped[name] = (async (...args: unknown[]) => {
        if (isDead) throw new Error('killed');
        const answer = await method(...args);
        const effect = `${String(name)} ${args.map(nameOf).join(' ')}`;
        isDead = !seen.has(effect);
        seen.add(effect);
        if (isDead) throw new Error('killed');
        return answer;
      }) as T[typeof name];
    }
    return wrapped;
  };
  const { erasures, kept, folders, ledger } = the.ports;
  return {
    ...the.ports,
    erasures: dying(erasures, [
      'beginErasure',
      'noteGathered',
      'eraseRows',
      'renameFile',
      'noteBlanked',
      'noteSearched',
      'noteFileErased',
      'endErasures',
    ]),
    kept: dying(kept, ['blank', 'remove', 'note', 'rename', 'renameIssued']),
    folders: dying(folders, ['publish']),
    ledger: dying(ledger, ['settleFile', 'noteReport']),
  };
}

/** Files of hers in every place: settled twice, updates, one that is called after her, copies that were turned away or wait. */
async function everywhere() {
  const first = await the.read('monday.csv', [
    header,
    luis,
    ana,
    // Of the same phone and without a NIF: taken along. With another person's NIF: kept.
    'CRM-ANA-2;;Ana Inventada Peñíscola;612345679;;;sí',
    withHerPhone,
    // No row of the ledger has anything of her here: the record has a cell too many.
    'CRM-ANA-3;87654321X;Ana;Inventada;Peñíscola;612345679;Ana.Inventada@example.es;28013;sí',
  ]);
  await the.move(await the.rowAt(first, 3), ['checked', 'submitting', 'registered'], {
    leadId: 'L-ANA',
    message: (await the.ports.vault.keyFor('acme')).seal('Alta de 87654321X'),
  });
  await the.move(await the.rowAt(first, 2), ['rejected'], { code: 'API_REFUSED' });
  await the.move(await the.rowAt(first, 4), ['failed'], { code: 'API_KO' });
  await the.move(await the.rowAt(first, 5), ['rejected'], { code: 'API_REFUSED' });
  await the.settle(first);
  await the.move(await the.rowAt(first, 4), ['cancelled'], { code: 'ROW_CANCELLED' });
  const result = await the.settle(first);
  const updates = await the.read(
    'states.csv',
    ['ID;estado;observacion', 'CRM-ANA-1;7;Ana Inventada no contesta', 'CRM-LUIS;7;Luis no contesta'],
    'updates',
  );
  const named = await the.read('Ana Inventada Peñíscola 87654321X.csv', [header, ana.replace('ANA-1', 'ANA-9'), luis]);
  const claim = (path: string) => the.ports.folders.claimCopy('acme', path);
  await acceptFile(the.ports, await claim(await the.write('again.csv', [header, luis, ana])), {
    actor: 'test',
    kind: 'leads',
  });
  const second = await acceptFile(the.ports, await claim(await the.write('x 612345679.csv', [header, luis, ana])), {
    actor: 'test',
    kind: 'leads',
  });
  // An export without its header, in UTF-16, which nobody could read.
  const raw = await the.write('no-header.csv', ['\uFEFF' + ana, luis], 'utf16le');
  await acceptFile(the.ports, { ...(await claim(raw)), fault: 'FILE_CHECKSUM_MISMATCH' }, { actor: 'test' });
  return { first, result, updates, named, rejected: second.file.id, waits: String(Number(second.file.id) - 1) };
}

async function expectErased({
  first,
  result,
  updates,
  named,
  rejected,
  waits,
}: Awaited<ReturnType<typeof everywhere>>) {
  const row = (await the.rowAt(first, 5)).id;
  expect(await the.findTraces(values)).toEqual([
    `612345679 in payload of row ${row}`,
    `612345679 in /archive/acme/${first}.csv.sealed`,
  ]);
  // What became of her rows is there still.
  const rows = await rowsOf(first);
  expect(rows.map(({ state, code }) => `${state} ${code ?? ''}`)).toEqual([
    'rejected API_REFUSED',
    'registered ',
    'cancelled ROW_CANCELLED',
    'rejected API_REFUSED',
    'rejected ROW_CELLS_TOO_MANY',
  ]);
  expect(rows.map(({ erasure }) => erasure)).toEqual([null, '1', '1', null, null]);
  expect(rows[1]).toMatchObject({ leadId: 'L-ANA', identity: expect.any(String), message: null, content: null });
  expect((await rowsOf(updates)).map(({ state, code }) => `${state} ${code ?? ''}`)).toEqual([
    'cancelled ROW_ERASED',
    'received ',
  ]);
  expect((await rowsOf(named)).map(({ state, code }) => `${state} ${code ?? ''}`)).toEqual([
    'cancelled ROW_ERASED',
    expect.stringMatching(/^duplicate/),
  ]);
  // Her neighbours are as they were.
  expect(linesOf(await archived(first))).toEqual([header, luis, '', '', withHerPhone, '', '']);
  expect(linesOf(await archived(named))).toEqual([header, '', luis, '']);
  expect((await openLead(the.ports.vault, rows[0] as never)).fields).toMatchObject({ name: 'Luis Inventado' });
  const lines = (await readFile(result, 'utf8')).split('\r\n');
  expect(lines[1]).toContain('CRM-LUIS');
  expect(lines[2]).toMatch(/^3;;registered;L-ANA;;;;;ROW_ERASED;;Los datos de esta fila se han borrado\.;;;/);
  const issued = (await readdir(join(the.home, 'outbox/acme'))).filter((name) => name.startsWith('monday'));
  expect(issued.toSorted()).toEqual([
    `monday.csv.${first}.manifest.json`,
    `monday.csv.${first}.results.csv`,
    `monday.csv.${first}.results.v1.csv`,
    `monday.csv.${first}.results.v2.csv`,
  ]);
  for (const version of ['1', '2']) {
    const older = await readFile(join(the.home, 'outbox/acme', `monday.csv.${first}.results.v${version}.csv`), 'utf8');
    const told = linesOf(older);
    expect([told[1], told[2], told[3], told[4]]).toEqual([
      expect.stringContaining('CRM-LUIS'),
      '',
      '',
      expect.stringContaining('CRM-OTHER'),
    ]);
  }
  // What was kept of the others says so beside it, in rejected/ too.
  expect((await readdir(join(the.home, 'archive/acme'))).filter((name) => name.endsWith('.erased.txt'))).toHaveLength(
    3,
  );
  expect((await readdir(join(the.home, 'rejected/acme'))).toSorted()).toEqual(
    [`erased.${rejected}.csv`, `no-header.${String(Number(rejected) + 1)}.csv`].flatMap((name) => [
      `${name}.erased.txt`,
      `${name}.reason.txt`,
      `${name}.sealed`,
    ]),
  );
  // The file that waits is read by its new bytes, and known by its old ones.
  expect(await ingestFile(the.ports, waits, signal)).toMatchObject({ outcome: 'read' });
  expect((await rowsOf(waits)).map(({ rowNumber }) => rowNumber)).toEqual([2]);
  expect(await the.ports.erasures.erasures({ limit: 10 })).toMatchObject([
    { id: '1', endedAt: expect.any(Date), left: { rows: 0, files: 0, inDoubt: 0 }, lifted: null },
  ]);
}

describe('erasing a person', () => {
  it('leaves not one of their values anywhere, and their neighbours as they were', async () => {
    const files = await everywhere();
    expect((await the.findTraces(values, { raw: false })).length).toBeGreaterThan(40);
    await the.erase('87654321x');
    await expectErased(files);
    const { rows } = await sql<{ text: string }>`select audit_event::text as text from audit_event`.execute(
      the.intake.db,
    );
    expect(rows.map(({ text }) => text).join()).not.toMatch(/87654321|612345679|ana\.inventada|Inventada/i);
  });

  it('comes to the same end when it is killed after each of its effects and run again', async () => {
    const files = await everywhere();
    const person = await the.gather('87654321X');
    const seen = new Set<string>();
    for (let isDone = false; !isDone;) {
      const ports = killedAtFirstNewEffect(seen);
      try {
        // As the command does: what was begun is carried on with.
        if ((await ports.erasures.erasures({ limit: 1 })).length === 0) await beginErasure(ports, person, act);
        await eraseRows(ports, 'test');
        await eraseFiles(ports, 'test');
        await ports.erasures.endErasures('test');
        isDone = true;
      } catch (error) {
        expect(error).toEqual(new Error('killed'));
      }
      expect(seen.size).toBeLessThan(100);
    }
    expect(seen.size).toBeGreaterThan(35);
    await expectErased(files);
  });

  it('is carried on by the service: the leader with the rows, the host of the archive with the files', async () => {
    const file = await the.read('monday.csv', [header, luis, ana]);
    await beginErasure(the.ports, await the.gather('87654321X'), act);
    const { rows, files } = createErasing(the.ports, { monotonicMs: () => performance.now() });
    await files.tick();
    expect(await the.rowAt(file, 3)).toMatchObject({ state: 'received', erasure: null });
    await rows.tick();
    expect(await the.rowAt(file, 3)).toMatchObject({ state: 'cancelled', erasure: '1' });
    await createErasing(the.ports, { monotonicMs: () => performance.now() }).files.tick();
    expect(linesOf(await archived(file))).toEqual([header, luis, '', '']);
    expect(await the.ports.erasures.hasErasures()).toBe(false);
  });

  it('waits for what is under way or in doubt, sends nothing of it again, and erases it when it has ended', async () => {
    const file = await the.read('monday.csv', [
      header,
      ana,
      ana.replace('ANA-1', 'ANA-2'),
      ana.replace('ANA-1', 'ANA-3'),
    ]);
    const [under, doubt, repeat] = [await the.rowAt(file, 2), await the.rowAt(file, 3), await the.rowAt(file, 4)];
    await the.move(under, ['checked', 'submitting']);
    await the.move(doubt, ['checked', 'submitting', 'in_doubt'], { code: 'API_NO_ANSWER' });
    // It waits to be sent once more under its own key: the first request may have been carried out.
    await the.move(repeat, ['checked', 'submitting', 'waiting'], { code: 'API_NO_ANSWER', step: 'create' });
    const id = await the.erase('87654321X');
    const left = async () => (await the.ports.erasures.erasures({ limit: 1, id }))[0]?.left;
    expect(await left()).toMatchObject({ underWay: 1, inDoubt: 2, rows: 0 });
    expect(await the.rowAt(file, 4)).toMatchObject({ state: 'in_doubt', code: 'API_NO_ANSWER' });
    // Proven not sent: it would be tried again.
    await the.move(under, ['waiting'], { code: 'API_NOT_SENT', step: 'create' });
    await expect(the.move(under, ['checked', 'submitting'])).rejects.toThrow('stopped');
    await the.move(doubt, ['registered'], { leadId: 'L-1' });
    await the.move(repeat, ['abandoned']);
    await the.carryOn();
    expect((await rowsOf(file)).map(({ state, code }) => `${state} ${code ?? ''}`)).toEqual([
      'cancelled ROW_ERASED',
      'registered API_NO_ANSWER',
      'abandoned API_NO_ANSWER',
    ]);
    expect(await the.findTraces(values, { raw: false })).toEqual([]);
    expect(await left()).toMatchObject({ underWay: 0, inDoubt: 0 });
    expect(await the.ports.erasures.hasErasures()).toBe(false);
  });

  it('gathers rows that were read while it was written down, by somebody who did not know the list yet', async () => {
    const person = await the.gather('87654321X');
    const file = await the.read('monday.csv', [header, luis, ana]);
    await beginErasure(the.ports, person, act);
    await the.carryOn();
    expect(await the.rowAt(file, 3)).toMatchObject({ state: 'cancelled', erasure: '1' });
    expect(linesOf(await archived(file))).toEqual([header, luis, '', '']);
  });

  it('leaves a reading that is under way its place, and reads every other row', async () => {
    const others = Array.from(
      { length: 3_000 },
      (_, n) => `CRM-${n};;Nadie Inventado;6${String(n).padStart(8, '0')};;;sí`,
    );
    const lines = [header, ana, ...others.slice(0, 2_000), ana.replace('ANA-1', 'ANA-2'), ...others.slice(2_000)];
    const fileId = await the.intake.accept(await the.write('large.csv', lines));
    const isStopping = AbortSignal.abort();
    expect(await ingestFile(the.ports, fileId, isStopping)).toMatchObject({ outcome: 'stopped' });
    const checkpoint = (await the.ports.ledger.file(fileId))?.lastRow ?? 0;
    expect(checkpoint).toBeGreaterThan(1_000);
    expect(checkpoint).toBeLessThan(2_000);
    await the.erase('87654321X');
    // It ends with the reading: until then somebody might put the bytes before in their place.
    const isSealed = (trace: string) => trace.includes('person of erasure');
    expect((await the.findTraces(values, { raw: false })).filter((trace) => !isSealed(trace))).toEqual([]);
    expect(await ingestFile(the.ports, fileId, signal)).toMatchObject({ outcome: 'read' });
    const rows = await the.ports.ledger.rows({ fileId, limit: 10_000 });
    expect(rows.map(({ rowNumber }) => rowNumber ?? 0).toSorted((a, b) => a - b)).toEqual([
      2,
      ...others.map((_, n) => (n < 2_000 ? n + 3 : n + 4)),
    ]);
    await the.carryOn();
    expect(await the.ports.erasures.hasErasures()).toBe(false);
    expect(await the.findTraces(values, { raw: false })).toEqual([]);
  });

  it('never lets a held correction of theirs go to work when the row before it ends', async () => {
    const file = await the.read('monday.csv', [header, ana, ana.replace('28013', '28014'), luis]);
    const [first, held] = [await the.rowAt(file, 2), await the.rowAt(file, 3)];
    expect(held).toMatchObject({ state: 'duplicate', code: 'ROW_LEAD_CHANGE_HELD' });
    await the.move(first, ['checked', 'submitting']);
    await the.erase('87654321X');
    await the.move(first, ['rejected'], { code: 'API_REFUSED' });
    await the.ports.ledger.followLeads('test');
    expect(await the.rowAt(file, 3)).toMatchObject({ state: 'duplicate', erasure: '1' });
    await the.carryOn();
    expect(await the.findTraces(values, { raw: false })).toEqual([]);
  });

  it('takes away whole what tells of them and can not be read, and names what nobody can look into', async () => {
    const accept = async (name: string, text: string) =>
      acceptFile(the.ports, await the.ports.folders.claimCopy('acme', await the.write(name, [text])), {
        actor: 'test',
        kind: 'leads',
      });
    await accept('page.csv', '<!doctype html><p>Ana.Inventada@example.es no existe</p>');
    await accept('other.csv', '<!doctype html><p>Luis no existe</p>');
    await accept('sheet.csv', 'PK\u0003\u0004 packed');
    await beginErasure(the.ports, await the.gather('ana.inventada@example.es'), act);
    await eraseRows(the.ports, 'test');
    const done = await eraseFiles(the.ports, 'test');
    expect(done).toMatchObject({ removed: 1, records: 0 });
    expect(done.opaque.map((path) => path.slice(the.home.length)).toSorted()).toEqual([
      '/rejected/acme/other.2.csv.sealed',
      '/rejected/acme/sheet.3.csv.sealed',
    ]);
    expect((await readdir(join(the.home, 'rejected/acme'))).filter((name) => name.startsWith('page'))).toEqual([
      'page.1.csv.erased.txt',
      'page.1.csv.reason.txt',
    ]);
  });

  it('is kept by no file that does not open any more: one with a row of theirs goes, of others the path is told', async () => {
    const cut = await the.read('cut.csv', [header, ana]);
    const anothers = await the.read('anothers.csv', [header, luis]);
    const whole = await the.read('whole.csv', [header, withHerPhone, ana]);
    for (const fileId of [cut, anothers]) await truncate(join(the.home, 'archive/acme', `${fileId}.csv.sealed`), 100);
    await beginErasure(the.ports, await the.gather('ana.inventada@example.es'), act);
    await eraseRows(the.ports, 'test');
    const done = await eraseFiles(the.ports, 'test');
    expect(done.opaque.map((path) => path.slice(the.home.length))).toEqual([`/archive/acme/${anothers}.csv.sealed`]);
    expect(done.removed).toBe(1);
    expect(await readdir(join(the.home, 'archive/acme'))).toEqual([
      `${cut}.csv.erased.txt`,
      `${anothers}.csv.sealed`,
      `${whole}.csv.erased.txt`,
      `${whole}.csv.sealed`,
    ]);
    expect(linesOf(await archived(whole))[2]).toBe('');
  });

  it('knows somebody by phone: the only NIF beside it is theirs, and of several none', async () => {
    const file = await the.read('monday.csv', [header, luis, ana]);
    expect((await the.gather('612345679')).rows.map(({ rowNumber }) => rowNumber)).toEqual([3]);
    await the.read('tuesday.csv', [header, withHerPhone, 'CRM-X;;Sin Nif;612345679;;;sí']);
    const person = await the.gather('612345679');
    expect(person.rows.map(({ fileId, rowNumber }) => `${fileId}:${rowNumber}`)).toEqual(['2:3']);
    expect(person.kept.map(({ fileId, rowNumber }) => `${fileId}:${rowNumber}`)).toEqual([`${file}:3`, '2:2']);
  });
});

describe('whoever was erased', () => {
  const again = [header, luis, ana.replace('CRM-ANA-1', 'CRM-NEW'), 'CRM-P;;Sin Nif;612345679;;;sí', withHerPhone];

  it('is refused when they are exported again, and nothing of them is kept', async () => {
    await the.read('monday.csv', [header, ana]);
    await the.erase('87654321X');
    const file = await the.read('tuesday.csv', again);
    await the.carryOn();
    const rows = await rowsOf(file);
    expect(rows.map(({ state, code }) => `${state} ${code ?? ''}`)).toEqual([
      'received ',
      'rejected ROW_SUPPRESSED',
      'rejected ROW_SUPPRESSED',
      'received ',
    ]);
    expect(await openPerson(the.ports.vault, rows[1] as never)).toEqual({ fields: {}, partnerLeadId: null });
    expect(linesOf(await archived(file))).toEqual([header, luis, '', '', withHerPhone, '']);
    await the.move(rows[0] as never, ['rejected'], { code: 'API_REFUSED' });
    await the.move(rows[3] as never, ['rejected'], { code: 'API_REFUSED' });
    const told = (await readFile(await the.settle(file), 'utf8')).split('\r\n');
    expect(told[2]).toMatch(/^3;;rejected;;;;;;ROW_SUPPRESSED;;Esta fila no se puede tratar\.;;;/);
    expect(await the.ports.erasures.erasures({ limit: 1 })).toMatchObject([{ erased: 1, refused: 2 }]);
  });

  it('is refused in a mixed file with both rows of their record, and by an id that is their NIF', async () => {
    await the.read('monday.csv', [header, ana]);
    await the.erase('87654321X');
    const columns = 'ID;NIF;Nombre;Teléfono;Acepta privacidad;estado;observacion';
    const record = 'CRM-NEW;87654321X;Ana Inventada;612345679;sí;7;Ana Inventada no contesta';
    const mixed = await the.read('mixed.csv', [columns, record], 'mixed');
    const updates = await the.read('states.csv', ['ID;estado;observacion', '87654321X;7;Ana Inventada'], 'updates');
    for (const file of [mixed, updates])
      expect(new Set((await rowsOf(file)).map(({ code }) => code))).toEqual(new Set(['ROW_SUPPRESSED']));
    expect(await rowsOf(mixed)).toHaveLength(2);
    await the.carryOn();
    expect(await the.findTraces(values, { raw: false })).toEqual([]);
  });

  it('is not read by whoever began to read before: not one row of the batch is written', async () => {
    const fileId = await the.intake.accept(await the.write('slow.csv', again));
    const { suppressions } = the.ports;
    const slow = {
      ...the.ports,
      suppressions: {
        ...suppressions,
        async read() {
          const list = await suppressions.read();
          await beginErasure(the.ports, await the.gather('87654321X'), act);
          return list;
        },
      },
    };
    expect(await ingestFile(slow, fileId, signal)).toMatchObject({ outcome: 'stopped' });
    expect(await rowsOf(fileId)).toEqual([]);
    expect(await ingestFile(the.ports, fileId, signal)).toMatchObject({ outcome: 'read' });
    expect((await rowsOf(fileId)).map(({ code }) => code)).toEqual([null, 'ROW_SUPPRESSED', null, null]);
  });

  it('does not come back by a replay, nor by reading the archived file again', async () => {
    const file = await the.read('monday.csv', [header, luis, ana]);
    await the.move(await the.rowAt(file, 3), ['rejected'], { code: 'API_REFUSED' });
    await the.move(await the.rowAt(file, 2), ['failed'], { code: 'API_KO' });
    const frozen = await createReplayLedger(the.intake.db).proposeReplay({}, { ...act, ratePerSecond: 1_000 });
    await the.erase('87654321X');
    const replays = createReplayLedger(the.intake.db);
    const row = await the.rowAt(file, 3);
    expect(await replays.previewReplay({ rowId: row.id })).toMatchObject([{ class: 'not_replayable' }]);
    expect(await takeBackToWork(the.ports.ledger, row, act)).toMatchObject({ won: false });
    // One that was frozen before goes on with the others.
    await replays.startReplay(frozen.id ?? '');
    await expect
      .poll(() => replays.carryOnReplay(frozen.id ?? '', 10).then(() => replays.replayBatch(frozen.id ?? '')))
      .toMatchObject({
        state: 'finished',
        replayed: 1,
        movedOn: 1,
      });
    expect(await the.rowAt(file, 2)).toMatchObject({ state: 'received' });
    expect(await previewReread(the.ports, file)).toMatchObject({
      changes: [{ from: 'received', to: 'work', rows: 1 }],
    });
    const fileClaims = createFileClaims(the.intake.db);
    const seen = await fileClaims.lastEvent(file);
    const done = await rereadFile({ ...the.ports, fileClaims }, file, { ...act, seen });
    const readAs = done.kind === 'done' ? done.readAs.id : '';
    await ingestFile(the.ports, readAs, signal);
    expect((await rowsOf(readAs)).map(({ rowNumber, state }) => `${rowNumber} ${state}`)).toEqual(['2 received']);
    // The bytes that came first are still those of this file.
    const claimed = await the.ports.folders.claimCopy('acme', await the.write('monday-again.csv', [header, luis, ana]));
    expect(await acceptFile(the.ports, claimed, { actor: 'test', kind: 'leads' })).toMatchObject({
      kind: 'refused',
      code: 'FILE_ALREADY_IMPORTED',
      file: { sameAs: file },
    });
    await the.erase('87654321X');
    expect(await the.findTraces(values, { raw: false })).toEqual([]);
  });

  it('may be sent again after the suppression is lifted, and is then known as a lead that exists', async () => {
    const file = await the.read('monday.csv', [header, ana]);
    await the.move(await the.rowAt(file, 2), ['checked', 'submitting', 'registered'], { leadId: 'L-1' });
    const id = await the.erase('87654321X');
    expect(await the.ports.erasures.liftSuppression(id, act)).toMatchObject({ lifted: { reason: act.reason } });
    expect(await the.ports.erasures.liftSuppression(id, act)).toBeNull();
    const later = await the.read('tuesday.csv', [header, ana, ana.replace('ANA-1', 'ANA-2')]);
    expect((await rowsOf(later)).map(({ state, code }) => `${state} ${code ?? ''}`)).toEqual([
      'duplicate ROW_LEAD_CHANGED',
      'received ',
    ]);
  });
});
