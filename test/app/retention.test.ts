import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rotateKeys } from '../../src/adapters/crypto/rotate-keys.ts';
import { createVault } from '../../src/adapters/crypto/vault.ts';
import { createKeyStore } from '../../src/adapters/ledger/key-store.ts';
import { createRetentionLedger } from '../../src/adapters/ledger/retention.ts';
import { acceptFile } from '../../src/app/accept-file.ts';
import { createRetaining } from '../../src/app/carry-on-retention.ts';
import { beginErasure } from '../../src/app/erase-rows.ts';
import { indexAllPersons } from '../../src/app/index-persons.ts';
import type { RetentionLedger } from '../../src/app/ports/retention-ledger.ts';
import type { LedgerRow } from '../../src/app/ports/row.ts';
import { countFilesPast, retireFiles } from '../../src/app/retire-files.ts';
import { retentionOf, retireRows } from '../../src/app/retire-rows.ts';
import { openLead } from '../../src/app/row-payload.ts';
import { sealPlainFiles } from '../../src/app/seal-plain-files.ts';
import { usualRetentionRules, withheldOf, type RetentionRules } from '../../src/domain/retention.ts';
import { aPartner } from '../domain/a-partner.ts';
import { anErasureWorld, type ErasureWorld } from './an-erasure.ts';

const header = 'ID;NIF;Nombre;Teléfono;Email;CP;Acepta política de privacidad';
const line = (n: number): string => {
  const nif = `${String(n).padStart(8, '0')}${'TRWAGMYFPDXBNJZSQVHLCKE'[n % 23]}`;
  return `CRM-${n};${nif};Persona Inventada ${n};${600_000_000 + n};p${n}@example.es;28013;sí`;
};
const never = () => true;
const days = (n: number): number => n * 24 * 3_600_000;

let the: ErasureWorld;
let retention: RetentionLedger;
/** When the data of the tests were sealed: the month is over. */
const then = new Date('2026-01-15T12:00:00Z');
let now = then;

beforeEach(async () => {
  now = then;
  the = await anErasureWorld('retention', { withoutNif: 'send' }, () => now);
  retention = createRetentionLedger(the.intake.db);
});
afterEach(() => the.close());

function ports(rules: Partial<RetentionRules> = {}) {
  const acme = aPartner({ retention: { ...usualRetentionRules, ...rules } });
  const partners = { get: (id: string) => (id === acme.id ? acme : null), list: () => [acme], isBroken: () => false };
  return { ...the.ports, retention, partners };
}
const retire = (rules: Partial<RetentionRules> = {}) => retireRows(ports(rules), 'test', { goesOn: never });

/** Makes everything of a file so many days older. */
async function age(fileId: string, by: number): Promise<void> {
  const older = sql`interval '1 day' * ${by}::int`;
  await sql`update ledger_row set updated_at = updated_at - ${older} where file_id = ${fileId}`.execute(the.intake.db);
  await sql`update file set arrived_at = arrived_at - ${older}, settled_at = settled_at - ${older}
    where id = ${fileId}`.execute(the.intake.db);
}

async function rowsOf(fileId: string): Promise<readonly LedgerRow[]> {
  const rows = await the.ports.ledger.rows({ fileId, limit: 100_000 });
  return rows.toSorted((one, other) => (one.rowNumber ?? 0) - (other.rowNumber ?? 0));
}

async function audited(action: string): Promise<readonly Record<string, unknown>[]> {
  const { rows } = await sql<{
    detail: Record<string, unknown>;
  }>`select coalesce(detail, '{}') as detail from audit_event
    where action = ${action} order by seq`.execute(the.intake.db);
  return rows.map(({ detail }) => detail);
}

/** Six leads that came to different ends. */
async function sixLeads(): Promise<string> {
  const fileId = await the.read('six.csv', [header, ...[1, 2, 3, 4, 5, 6].map(line)]);
  await the.move(await the.rowAt(fileId, 2), ['checked', 'submitting', 'registered'], {
    leadId: 'L-1',
    message: (await the.ports.vault.keyFor('acme')).seal('Alta de 00000001R'),
  });
  await the.move(await the.rowAt(fileId, 3), ['not_managed']);
  await the.move(await the.rowAt(fileId, 4), ['checked', 'submitting', 'in_doubt'], { code: 'API_NO_ANSWER' });
  await the.move(await the.rowAt(fileId, 5), ['failed'], { code: 'API_KO' });
  await the.move(await the.rowAt(fileId, 6), ['rejected'], { code: 'API_REFUSED' });
  return fileId;
}

describe('rows past their time', () => {
  it('lose what they say, by the time of their state; what is at work or in doubt does not, whatever its age', async () => {
    const fileId = await sixLeads();
    const before = await rowsOf(fileId);
    await age(fileId, 100);
    expect((await retire()).rows).toBe(2);
    expect((await rowsOf(fileId)).map((row) => `${row.state} ${withheldOf(row) ?? ''}`)).toEqual([
      'registered ',
      'not_managed destroyed',
      'in_doubt ',
      'failed ',
      'rejected destroyed',
      'received ',
    ]);
    await age(fileId, 700);
    // The pass said when to look again: an older file is not what it was.
    await sql`update retention_file set next_at = clock_timestamp()`.execute(the.intake.db);
    expect((await retire()).rows).toBe(2);
    const after = await rowsOf(fileId);
    expect(after.map((row) => withheldOf(row))).toEqual([
      'destroyed',
      'destroyed',
      null,
      'destroyed',
      'destroyed',
      null,
    ]);
    for (const [at, row] of after.entries()) {
      const { state, code, leadId, identity, content, version } = before[at] ?? row;
      expect(row).toMatchObject({ state, code, leadId, identity, content, version });
    }
    expect(await openLead(the.ports.vault, after[0] as LedgerRow)).toEqual({ fields: {}, partnerLeadId: null });
    expect((await openLead(the.ports.vault, after[2] as LedgerRow)).fields['name']).toBe('Persona Inventada 3');
    expect(await audited('rows.destroyed')).toEqual([
      { rows: 2, from: 3, to: 6 },
      { rows: 2, from: 2, to: 5 },
    ]);
    const traces = await the.findTraces(['Persona Inventada 1', 'Persona Inventada 3', '00000001R', '600000002']);
    expect(traces.filter((trace) => !trace.includes('/archive/'))).toEqual([
      `Persona Inventada 3 in payload of row ${after[2]?.id}`,
    ]);
    // Nobody is found by what is gone.
    await indexAllPersons(the.ports, () => undefined);
    expect((await the.gather('00000001R')).rows).toEqual([]);
    expect((await the.gather('00000003A')).rows).toHaveLength(1);
  });

  it('can not be sent again, and their leads are known still', async () => {
    const fileId = await sixLeads();
    await age(fileId, 800);
    await retire();
    const failed = await the.rowAt(fileId, 5);
    await expect(the.move(failed, ['received'])).rejects.toThrow();
    const again = await the.read('again.csv', [header, line(1)]);
    expect((await rowsOf(again))[0]).toMatchObject({ state: 'duplicate', code: 'ROW_DUPLICATE' });
  });

  it('stay while they wait for what becomes of an earlier row of their lead', async () => {
    const first = await the.read('first.csv', [header, line(1)]);
    await the.move(await the.rowAt(first, 2), ['checked', 'submitting', 'in_doubt'], { code: 'API_NO_ANSWER' });
    const second = await the.read('second.csv', [header, line(1).replace('Persona', 'Persona Nueva')]);
    expect((await rowsOf(second))[0]).toMatchObject({ state: 'duplicate', code: 'ROW_LEAD_CHANGE_HELD' });
    await age(second, 800);
    await retire();
    const [waiting] = await rowsOf(second);
    expect(withheldOf(waiting ?? {})).toBe(null);
    await the.move(await the.rowAt(first, 2), ['abandoned']);
    await sql`update retention_file set next_at = clock_timestamp()`.execute(the.intake.db);
    expect((await retire()).rows).toBe(1);
    expect(withheldOf((await rowsOf(second))[0] ?? {})).toBe('destroyed');
  });

  it('are taken in bounded windows, and a file is looked at again when its next row is past its time, not before', async () => {
    const fileId = await the.read('long.csv', [header, ...Array.from({ length: 4_500 }, (_, n) => line(n + 1))]);
    await the.ports.ledger.cancelRows(fileId, 'FILE_CANCELLED' as never, { actor: 'test', reason: 'x' });
    await age(fileId, 800);
    const windows: number[] = [];
    await retireRows(ports(), 'test', { goesOn: never, done: (rows) => windows.push(rows) });
    expect(windows).toEqual([2_000, 2_000, 501]);
    expect((await audited('rows.destroyed')).map(({ rows }) => rows)).toEqual([1_999, 2_000, 501]);
    windows.length = 0;
    await retireRows(ports(), 'test', { goesOn: never, done: (rows) => windows.push(rows) });
    expect(windows).toEqual([]);
  });

  it('are looked at again by other rules', async () => {
    const fileId = await sixLeads();
    await age(fileId, 100);
    await retire();
    expect(await retire()).toMatchObject({ rows: 0 });
    const rowsMs = { ...usualRetentionRules.rowsMs, registered: days(99) };
    expect(await retire({ rowsMs })).toMatchObject({ rows: 1 });
  });

  it('stay where the config of their partner is not there or can not be read', async () => {
    const fileId = await sixLeads();
    await age(fileId, 5_000);
    const nobody = { get: () => null, list: () => [], isBroken: () => false };
    expect((await retireRows({ retention, partners: nobody }, 'test', { goesOn: never })).rows).toBe(0);
    const broken = { ...ports().partners, isBroken: () => true };
    expect(retentionOf({ partners: broken, withoutConfig: true }, 'acme')).toBeNull();
    const told = { retention, partners: nobody, withoutConfig: true };
    expect((await retireRows(told, 'test', { goesOn: never })).rows).toBe(4);
  });

  it('are taken once by two processes at once, one of which is killed', async () => {
    const fileId = await the.read('long.csv', [header, ...Array.from({ length: 9_000 }, (_, n) => line(n + 1))]);
    await the.ports.ledger.cancelRows(fileId, 'FILE_CANCELLED' as never, { actor: 'test', reason: 'x' });
    await age(fileId, 800);
    const script = fileURLToPath(new URL('retirer.ts', import.meta.url));
    const [one, other] = [1, 2].map(() =>
      spawn(process.execPath, [script, the.url], { stdio: ['ignore', 'pipe', 'inherit'] }),
    );
    if (one === undefined || other === undefined) throw new Error('not started');
    await Promise.race([once(one.stdout, 'data'), once(other.stdout, 'data'), once(one, 'close')]);
    one.kill('SIGKILL');
    for (const child of [one, other])
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    await retire();
    const taken = (await audited('rows.destroyed')).map(({ rows }) => Number(rows));
    expect(taken.reduce((sum, rows) => sum + rows, 0)).toBe(9_000);
    expect((await rowsOf(fileId)).every((row) => row.payload.length === 0)).toBe(true);
  });

  it('are counted before, by state, and nothing is done by counting', async () => {
    const fileId = await sixLeads();
    await age(fileId, 800);
    const count = () => retention.rowsPast('acme', usualRetentionRules, () => undefined);
    expect((await count()).toSorted((a, b) => (a.state < b.state ? -1 : 1))).toEqual([
      { state: 'failed', rows: 1 },
      { state: 'not_managed', rows: 1 },
      { state: 'registered', rows: 1 },
      { state: 'rejected', rows: 1 },
    ]);
    expect((await rowsOf(fileId)).map((row) => withheldOf(row))).toEqual([null, null, null, null, null, null]);
    await retire();
    expect(await count()).toEqual([]);
  });
});

describe('blocking', () => {
  it('keeps values away from everybody until they are destroyed', async () => {
    const fileId = await sixLeads();
    await age(fileId, 800);
    const blockMs = days(365);
    expect((await retire({ blockMs })).rows).toBe(4);
    const [row] = await rowsOf(fileId);
    expect([withheldOf(row ?? {}), row?.payload.length]).toEqual(['blocked', 0]);
    expect(await retention.blockedPast()).toEqual({ past: 0, blocked: 4 });
    expect((await audited('rows.blocked')).map(({ rows }) => rows)).toEqual([4]);
    await sql`update blocked_payload set destroy_at = clock_timestamp()`.execute(the.owner);
    await retire({ blockMs });
    expect(await retention.blockedPast()).toEqual({ past: 0, blocked: 0 });
    expect(withheldOf((await rowsOf(fileId))[0] ?? {})).toBe('destroyed');
    expect(await the.findTraces(['Persona Inventada 1', '00000001R'])).toEqual([
      `Persona Inventada 1 in /archive/acme/${fileId}.csv.sealed`,
      `00000001R in /archive/acme/${fileId}.csv.sealed`,
    ]);
  });
});

describe('the key of a month', () => {
  const keys = async () =>
    (await createKeyStore(the.intake.db).list())
      .filter(({ purpose, wrapped }) => purpose === 'data' && wrapped.length > 0)
      .map(({ partner, month }) => `${partner} ${month}`);

  /** A file of January of which everything has ended. */
  async function ended(): Promise<string> {
    const fileId = await the.read('x.csv', [header, line(1), line(2)]);
    await the.ports.ledger.cancelRows(fileId, 'FILE_CANCELLED' as never, { actor: 'test', reason: 'x' });
    await the.ports.ledger.sumUp();
    await the.settle(fileId);
    await age(fileId, 5_000);
    return fileId;
  }

  it('is destroyed when nothing is left that it has sealed, and what it had sealed is gone from copies, too', async () => {
    const fileId = await ended();
    const [row] = await rowsOf(fileId);
    // As a backup of rows and files would have it.
    const copy = { keyId: row?.keyId ?? 0, payload: row?.payload ?? new Uint8Array() };
    const done = await retire();
    expect(done).toMatchObject({ rows: 2, keys: 1, isAtEnd: true });
    expect(await keys()).toEqual([]);
    expect(await audited('key.destroyed')).toEqual([{ month: '2026-01' }]);
    const opened = await createVault({
      secret: new Uint8Array(32).fill(7),
      keyStore: createKeyStore(the.intake.db),
      now: () => new Date(),
    });
    await expect(opened.keyById(copy.keyId)).rejects.toThrow('retention has taken it away');
    expect((await the.ports.ledger.file(fileId))?.name).toHaveLength(0);
    // A rotation leaves it destroyed.
    const secrets = { old: new Uint8Array(32).fill(7), new: new Uint8Array(32).fill(8) };
    await rotateKeys(createKeyStore(the.intake.db), secrets, null, { actor: 'test', reason: 'x' });
    expect(await keys()).toEqual([]);
  });

  it('is not sealed with any more by an erasure that comes to a row after it was destroyed', async () => {
    const fileId = await ended();
    await beginErasure(the.ports, await the.gather('00000001R'), { actor: 'test', reason: 'asked for' });
    expect(await retire()).toMatchObject({ rows: 2, keys: 1 });
    await the.carryOn();
    const [row] = await rowsOf(fileId);
    expect([row?.erasure, row?.payload.length]).toEqual(['1', 0]);
  });

  it.each([
    [
      'a row is younger',
      (id: string) => sql`update ledger_row set updated_at = clock_timestamp() where file_id = ${id}`,
    ],
    ['a row is at work', (id: string) => sql`update ledger_row set state = 'in_doubt' where file_id = ${id}`],
    ['a file is kept', (id: string) => sql`update file set settled_at = clock_timestamp() where id = ${id}`],
    ['a file is open', (id: string) => sql`update file set state = 'read' where id = ${id}`],
  ])('stays while %s', async (_, change) => {
    await change(await ended()).execute(the.intake.db);
    expect((await retire()).keys).toBe(0);
    expect(await keys()).toEqual(['acme 2026-01']);
  });

  it('stays while something is blocked under it, and while the month is not long over', async () => {
    await ended();
    expect((await retire({ blockMs: days(1) })).keys).toBe(0);
    await sql`update blocked_payload set destroy_at = clock_timestamp()`.execute(the.owner);
    now = new Date();
    await the.ports.vault.keyFor('acme');
    await retire({ blockMs: days(1) });
    expect((await retire({ blockMs: days(1) })).rows).toBe(0);
    expect(await keys()).toEqual([`acme ${now.toISOString().slice(0, 7)}`]);
  });
});

it('files that were kept plain are sealed where they are, and read as before', async () => {
  const fileId = await the.read('x.csv', [header, line(1)]);
  const sealed = join(the.home, 'archive/acme', `${fileId}.csv.sealed`);
  const text = Buffer.concat(await Array.fromAsync(the.intake.bytes.read(sealed, 0)));
  await rm(sealed);
  await writeFile(sealed.replace('.sealed', ''), text);
  await mkdir(join(the.home, 'rejected/acme'), { recursive: true });
  await writeFile(join(the.home, 'rejected/acme/y.csv'), 'of nobody');
  const sealing = { ...the.ports, bytes: the.intake.bytes };
  expect(await sealPlainFiles(sealing)).toEqual({ sealed: 1, failed: [] });
  expect(await sealPlainFiles(sealing)).toEqual({ sealed: 0, failed: [] });
  expect(await readdir(join(the.home, 'archive/acme'))).toEqual([`${fileId}.csv.sealed`]);
  expect(Buffer.concat(await Array.fromAsync(the.intake.bytes.read(sealed, 0))).equals(text)).toBe(true);
  expect(await readdir(join(the.home, 'rejected/acme'))).toEqual(['y.csv']);
});

it('a kept file that can not be read keeps no other from being sealed', async () => {
  const [bad, good] = [await the.read('x.csv', [header, line(1)]), await the.read('y.csv', [header, line(2)])];
  const archive = join(the.home, 'archive/acme');
  for (const id of [bad, good]) await rm(join(archive, `${id}.csv.sealed`));
  await mkdir(join(archive, `${bad}.csv`));
  await writeFile(join(archive, `${good}.csv`), 'plain');
  expect(await sealPlainFiles({ ...the.ports, bytes: the.intake.bytes })).toEqual({ sealed: 1, failed: ['EISDIR'] });
  expect(await readdir(archive)).toEqual([`${bad}.csv`, `${good}.csv.sealed`]);
});

describe('files past their time', () => {
  /** Of which everything has ended long ago. */
  async function oldFile(name: string, n: number): Promise<string> {
    const fileId = await the.read(name, [header, line(n)]);
    await the.ports.ledger.cancelRows(fileId, 'FILE_CANCELLED' as never, { actor: 'test', reason: 'x' });
    await the.ports.ledger.sumUp();
    await the.settle(fileId);
    await age(fileId, 100);
    return fileId;
  }

  it('that can not be removed keep no other, and fill no audit log', async () => {
    const archive = join(the.home, 'archive/acme');
    async function stuckFile(n: number): Promise<void> {
      const fileId = await oldFile(`${n}.csv`, n);
      await rm(join(archive, `${fileId}.csv.sealed`));
      await mkdir(join(archive, `${fileId}.csv`));
    }
    await stuckFile(1);
    await oldFile('2.csv', 2);
    expect(await retireFiles(ports(), 'test')).toEqual({ bytes: 1, results: 4, failed: ['ERR_FS_EISDIR'] });
    for (let n = 3; n <= 12; n += 1) await stuckFile(n);
    const done = await retireFiles(ports(), 'test');
    expect([done.bytes, done.results, done.failed.length]).toEqual([0, 20, 10]);
    expect((await audited('file.removed')).filter(({ what }) => what === 'bytes')).toHaveLength(2 + 10);
  });

  it('that the service can not remove are told to the log, by the code of the system and not by name', async () => {
    const fileId = await oldFile('x.csv', 1);
    await rm(join(the.home, 'archive/acme', `${fileId}.csv.sealed`));
    await mkdir(join(the.home, 'archive/acme', `${fileId}.csv`));
    const told: unknown[] = [];
    const log = { event: (...line: unknown[]) => void told.push(line) };
    const retaining = createRetaining({ ...ports(), bytes: the.intake.bytes, instance: 'test', log }, the.ports.clock);
    await retaining.files.tick();
    expect(told).toEqual([
      ['filesRetired', { files: 0, results: 2 }],
      ['keptFilesStuck', { notSealed: 1, notRemoved: 1, code: 'EISDIR' }],
    ]);
  });

  it('stay when they are at work again by the time it is their turn', async () => {
    const fileId = await oldFile('x.csv', 1);
    const held = {
      ...retention,
      async filesPast(...asked: Parameters<RetentionLedger['filesPast']>) {
        const past = await retention.filesPast(...asked);
        await the.ports.ledger.holdFile(fileId, { actor: 'test', reason: 'to be read again' });
        return past;
      },
    };
    expect(await retireFiles({ ...ports(), retention: held }, 'test')).toMatchObject({ bytes: 0, results: 0 });
    await access(join(the.home, 'archive/acme', `${fileId}.csv.sealed`));
    expect(await audited('file.removed')).toEqual([]);
  });

  it('go from archive, rejected and outbox with what stands beside them, each with an entry', async () => {
    const fileId = await the.read('x.csv', [header, line(1)]);
    await the.ports.ledger.cancelRows(fileId, 'FILE_CANCELLED' as never, { actor: 'test', reason: 'x' });
    await the.ports.ledger.sumUp();
    await the.settle(fileId);
    const young = await the.read('young.csv', [header, line(2)]);
    const claimed = await the.ports.folders.claimCopy('acme', await the.write('bad.csv', ['nothing']));
    const refused = await the.ports.ledger.refuseFile({
      partner: 'acme',
      kind: 'leads',
      keyId: (await the.ports.vault.keyFor('acme')).id,
      name: (await the.ports.vault.keyFor('acme')).seal('bad.csv'),
      sha256: claimed.sha256,
      bytes: claimed.bytes,
      configVersion: 'test',
      night: '2026-01-15',
      code: 'FILE_NO_ROWS',
      actor: 'test',
    });
    await the.ports.folders.reject(claimed, refused.id, 'No.');
    await age(fileId, 100);
    await age(refused.id, 100);
    expect(await countFilesPast(ports())).toEqual({ bytes: 2, results: 2 });
    expect(await retireFiles(ports(), 'test')).toEqual({ bytes: 2, results: 2, failed: [] });
    expect(await readdir(join(the.home, 'archive/acme'))).toEqual([`${young}.csv.sealed`]);
    expect(await readdir(join(the.home, 'rejected/acme'))).toEqual([]);
    expect(await readdir(join(the.home, 'outbox/acme'))).toEqual([]);
    expect((await audited('file.removed')).map(({ what }) => what)).toEqual(['bytes', 'bytes', 'results']);
    expect(await retireFiles(ports(), 'test')).toEqual({ bytes: 0, results: 0, failed: [] });
    // An erasure does not wait for bytes that are gone.
    await the.erase('00000001R');
    expect(await the.ports.erasures.hasErasures()).toBe(false);
  });

  it('are known still: the same bytes are turned away as imported before', async () => {
    const lines = [header, line(1)];
    const fileId = await the.read('x.csv', lines);
    await the.ports.ledger.cancelRows(fileId, 'FILE_CANCELLED' as never, { actor: 'test', reason: 'x' });
    await the.ports.ledger.sumUp();
    await the.settle(fileId);
    await age(fileId, 100);
    await retireFiles(ports(), 'test');
    const claimed = await the.ports.folders.claimCopy('acme', await the.write('x.csv', lines));
    expect(await acceptFile(the.ports, claimed, { actor: 'test', kind: 'leads' })).toMatchObject({
      kind: 'refused',
      code: 'FILE_ALREADY_IMPORTED',
    });
    expect(await readdir(join(the.home, 'archive/acme'))).toEqual([]);
  });

  it('stay while a row of theirs is at work or in doubt', async () => {
    const fileId = await sixLeads();
    await the.ports.ledger.sumUp();
    await sql`update file set state = 'settled', settled_at = clock_timestamp() where id = ${fileId}`.execute(
      the.intake.db,
    );
    await age(fileId, 5_000);
    expect(await retireFiles(ports(), 'test')).toEqual({ bytes: 0, results: 0, failed: [] });
    await access(join(the.home, 'archive/acme', `${fileId}.csv.sealed`));
  });
});
