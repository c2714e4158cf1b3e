import { mkdir, open, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cronSchedules } from '../../src/adapters/schedule/cron-schedule.ts';
import { createIntake, type IntakePorts } from '../../src/app/intake.ts';
import type { LogEvents } from '../../src/app/ports/log.ts';
import type { Partner } from '../../src/domain/partner.ts';
import { ageMs, foldersUnderTest, type FoldersUnderTest } from '../adapters/files/folders-under-test.ts';
import { aPartner } from '../domain/a-partner.ts';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { makeReadOnly } from '../support/read-only-folder.ts';
import { aWorkbench, type Workbench } from './a-workbench.ts';

let api: FakeLeadsApi;
let bench: Workbench;
let the: FoldersUnderTest;
let noted: LogEvents['inboxNoted'][];
let notKept: LogEvents['filesNotKept'][];

beforeAll(async () => {
  api = await startFakeLeadsApi();
  bench = await aWorkbench('intake', api.url);
});
beforeEach(async () => {
  the = await foldersUnderTest();
  noted = [];
  notKept = [];
});
afterEach(() => the.remove());
afterAll(async () => {
  await bench.close();
  await api.close();
});

/** Bytes that no other test of this ledger has dropped. */
let drops = 0;
const leads = () => `ID;NIF\n${++drops};99000001S\n`;

function anIntake(
  changes: Partial<IntakePorts> & {
    readonly files?: Partial<Partner['files']>;
    readonly schedule?: Partner['schedule'];
  } = {},
) {
  const { files, schedule = null, ...ports } = changes;
  const partner = aPartner({ files: { leads: null, updates: null, mixed: null, ...files }, schedule });
  const intake = createIntake({
    ...bench.ports,
    folders: the.folders,
    nights: bench.nights,
    schedules: cronSchedules,
    partners: { get: (id) => (id === partner.id ? partner : null), list: () => [partner], isBroken: () => false },
    log: {
      event: (name, fields) => {
        if (name === 'inboxNoted') noted.push(fields as LogEvents['inboxNoted']);
        if (name === 'filesNotKept') notKept.push(fields as LogEvents['filesNotKept']);
      },
    },
    ...ports,
  });
  return {
    tick: () => intake.tick(),
    /** Until what lies there has been proven, whatever it ends in, and taken. */
    async take() {
      await intake.tick();
      the.pass(10 * ageMs);
      return intake.tick();
    },
    /** Until it has looked twice for what was left behind. */
    async tidy() {
      for (let ticks = 0; ticks <= 40; ticks++) await intake.tick();
    },
    /** The same, where something goes wrong. */
    async tidyInVain() {
      for (let ticks = 0; ticks <= 40; ticks++) await intake.tick().catch(() => undefined);
    },
  };
}

async function newestFile() {
  const [file] = await bench.ports.ledger.files({ limit: 1 });
  if (file === undefined) throw new Error('there is no file');
  const key = await bench.ports.vault.keyById(file.keyId);
  return { ...file, text: key.open(file.name) };
}

const reasonIn = async (partner: string) => {
  const folder = join(the.root, 'rejected', partner);
  const names = await readdir(folder);
  const reason = names.find((name) => name.endsWith('.reason.txt'));
  expect(names).toHaveLength(2);
  return readFile(join(folder, reason ?? ''), 'utf8');
};

describe('a file that is whole ends somewhere, and is in the ledger at once', () => {
  it.each([
    ['leads.csv', 'arrived', null],
    ['LEADS.CSV', 'arrived', null],
    ['leads.tsv', 'arrived', null],
    ['leads.txt', 'arrived', null],
  ])('%s: %s', async (name, state, code) => {
    await the.drop(name, leads());
    expect(await anIntake().take()).toBe(1);
    expect(await newestFile()).toMatchObject({ partner: 'acme', text: name, state, code });
  });

  it.each([
    ['leads.xls', 'FILE_UNMATCHED', leads, '*.csv, *.tsv, *.txt'],
    ['no ending', 'FILE_UNMATCHED', leads, '*.csv, *.tsv, *.txt'],
    ['leads.xlsx', 'FILE_NOT_CSV', () => `PK\u0003\u0004xl/${leads()}`, '«CSV UTF-8»'],
    ['leads.csv', 'FILE_NOT_CSV', () => `%PDF-1.7 ${leads()}`, 'PDF'],
    ['leads.zip', 'FILE_NOT_CSV', () => `PK\u0003\u0004leads.csv${leads()}`, 'Descomprímalo'],
    ['export.html', 'FILE_NOT_CSV', () => `<!doctype html>${leads()}`, 'página web'],
    ['export.json', 'FILE_NOT_CSV', () => `[{"id": 1}]${leads()}`, 'JSON'],
  ])('%s: %s', async (name, code, content, said) => {
    await the.drop(name, content());
    await anIntake().take();
    expect(await newestFile()).toMatchObject({ text: name, state: 'rejected', code });
    const reason = await reasonIn('acme');
    expect(reason).toContain(code);
    expect(reason).toContain(said);
  });

  it.each([
    ['in a sub-folder', '2026/enero', 'acme', 'FILE_IN_SUBFOLDER', '2026_enero_leads.csv'],
    ["in no partner's folder", '..', '_inbox', 'FILE_WITHOUT_PARTNER', 'leads.csv'],
    ['in the folder of somebody unknown', '../nobody', 'nobody', 'FILE_PARTNER_UNKNOWN', 'leads.csv'],
    ['below a folder that is no name of a partner', '../a\nb', '_inbox', 'FILE_WITHOUT_PARTNER', 'a_b_leads.csv'],
  ])('%s', async (_, folder, partner, code, text) => {
    await mkdir(join(the.inbox, folder), { recursive: true });
    await writeFile(join(the.inbox, folder, 'leads.csv'), leads());
    await anIntake().take();
    expect(await newestFile()).toMatchObject({ partner, text, state: 'rejected', code });
    expect(await reasonIn(partner)).toContain(code);
  });

  it('with a name that is not UTF-8', async () => {
    const raw = Buffer.concat([Buffer.from(`${the.inbox}/`), Buffer.from('campa\xf1a.csv', 'latin1')]);
    await writeFile(raw, leads());
    await anIntake().take();
    expect(await newestFile()).toMatchObject({ text: 'campaña.csv', state: 'arrived' });
    expect(await the.folders.listClaimed()).toMatchObject([{ name: 'campaña.csv' }]);
  });

  it('with a checksum of other bytes', async () => {
    await the.drop('leads.csv', leads());
    await the.drop('leads.csv.sha256', '0'.repeat(64));
    await anIntake({ files: { checksum: '{name}.sha256' } }).take();
    expect(await newestFile()).toMatchObject({ state: 'rejected', code: 'FILE_CHECKSUM_MISMATCH' });
    expect(await readdir(join(the.root, 'rejected', 'acme'))).toHaveLength(3);
  });

  it('once more when it was rejected and is dropped again', async () => {
    const content = leads();
    const ids: string[] = [];
    for (const name of ['leads.dat', 'leads.dat', 'leads.csv']) {
      await the.drop(name, content);
      expect(await anIntake().take()).toBe(1);
      ids.push((await newestFile()).id);
    }
    expect(new Set(ids).size).toBe(3);
    expect(await newestFile()).toMatchObject({ text: 'leads.csv', state: 'arrived' });
  });

  it('as a second copy while the first is still waiting for its hour', async () => {
    const content = leads();
    const intake = anIntake({ schedule: { cron: '0 2 1 1 *', timeZone: 'UTC' } });
    await the.drop('leads.csv', content);
    await intake.take();
    const first = await newestFile();
    await the.drop('copy.csv', content);
    await intake.take();
    expect(await newestFile()).toMatchObject({ code: 'FILE_ALREADY_IMPORTED', sameAs: first.id });
    expect(await the.folders.listClaimed()).toMatchObject([{ name: 'leads.csv' }]);
  });
});

describe('the intake goes on', () => {
  it('when the folder of one partner is read-only, and says so until it is not', async () => {
    const intake = anIntake();
    await mkdir(join(the.root, 'inbox', 'norte'));
    await writeFile(join(the.root, 'inbox', 'norte', 'y.csv'), leads());
    await the.drop('x.csv', leads());
    const undo = await makeReadOnly(the.inbox);
    if (undo === null) return;
    try {
      await bench.ports.ledger.heartbeat(bench.ports.instance);
      expect(await intake.take()).toBe(1);
      expect(await newestFile()).toMatchObject({ partner: 'norte' });
      expect(noted).toMatchObject([{ partner: 'acme', stuck: 1, arriving: 0 }]);
      expect(noted[0]?.trouble).toMatch(/^(EPERM|EACCES|EROFS)$/);
      expect(await bench.ports.ledger.inboxes()).toMatchObject([{ partner: 'acme', stuck: 1, arrivingSince: null }]);
      await intake.tick();
      expect(noted).toHaveLength(1);
    } finally {
      await undo();
    }
    expect(await intake.tick()).toBe(1);
    expect(await newestFile()).toMatchObject({ partner: 'acme', text: 'x.csv', state: 'arrived' });
    expect(await bench.ports.ledger.inboxes()).toEqual([]);
  });

  it('when their config is mended: a slip of ours turns nobody away, and it is said so', async () => {
    const partner = aPartner({ files: { leads: null, updates: null, mixed: null } });
    let isMended = false;
    const intake = anIntake({
      partners: {
        get: (id) => (isMended && id === partner.id ? partner : null),
        list: () => (isMended ? [partner] : []),
        isBroken: (id) => !isMended && id === partner.id,
      },
    });
    await the.drop('leads.csv', leads());
    await intake.take();
    expect(noted).toEqual([
      { partner: 'acme', arriving: 0, passedOver: 0, stuck: 1, trouble: 'CONFIG_PARTNER_INVALID' },
    ]);
    expect(await readdir(join(the.root, 'inbox', 'acme'))).toContain('leads.csv');
    isMended = true;
    expect(await intake.tick()).toBe(1);
    expect(await newestFile()).toMatchObject({ text: 'leads.csv', state: 'arrived' });
  });

  it('when the ledger is away for a moment: what was claimed is taken in later', async () => {
    const { ledger } = bench.ports;
    let isAway = true;
    const intake = anIntake({
      ledger: {
        ...ledger,
        acceptedFilesOf: (...args) => (isAway ? Promise.reject(new Error('away')) : ledger.acceptedFilesOf(...args)),
      },
    });
    const names = ['x.csv', 'y.csv'];
    for (const name of names) await the.drop(name, leads());
    await expect(intake.take()).rejects.toThrow('away');
    expect(await the.folders.listClaimed()).toHaveLength(2);
    isAway = false;
    await intake.tidy();
    const files = await ledger.files({ limit: 2 });
    expect(files.map(({ state }) => state)).toEqual(['arrived', 'arrived']);
  });

  it('when a rejection can not be ended, and ends it later under the same id', async () => {
    const intake = anIntake();
    const folder = join(the.root, 'rejected', 'acme');
    await rename(folder, `${folder}-away`);
    await writeFile(folder, 'in the way');
    await the.drop('x.dat', leads());
    await expect(intake.take()).rejects.toThrow();
    const { id } = await newestFile();
    await rename(folder, `${folder}-file`);
    await intake.tidy();
    expect((await newestFile()).id).toBe(id);
    expect((await readdir(folder)).toSorted()).toEqual([`x.${id}.dat.reason.txt`, `x.${id}.dat.sealed`]);
    expect(await reasonIn('acme')).toContain('*.csv, *.tsv, *.txt');
  });

  it('when archive and rejected can not be written: nothing is lost, a person is told, and it ends by itself', async () => {
    const intake = anIntake();
    await bench.ports.ledger.heartbeat(bench.ports.instance);
    const [archive, rejected] = ['archive', 'rejected'].map((name) => join(the.root, name, 'acme'));
    if (archive === undefined || rejected === undefined) throw new Error('unreachable');
    for (const folder of [archive, rejected]) {
      await rename(folder, `${folder}-away`);
      await writeFile(folder, 'in the way');
    }
    await the.drop('x.dat', leads());
    await expect(intake.take()).rejects.toThrow();
    const read = await the.claimed('read.csv', leads());
    await expect(the.folders.archive(read, '77')).rejects.toThrow();
    await intake.tidyInVain();
    const told = { code: 'FILE_NOT_KEPT', partner: 'acme', files: 2, system: 'EEXIST' };
    expect(notKept).toEqual([told]);
    expect(await bench.ports.ledger.serviceTroubles()).toMatchObject([told]);
    expect(await the.folders.listHalfPutAway()).toHaveLength(2);
    for (const folder of [archive, rejected]) {
      await rename(folder, `${folder}-file`);
      await rename(`${folder}-away`, folder);
    }
    await intake.tidy();
    expect(await bench.ports.ledger.serviceTroubles()).toEqual([]);
    expect(await the.textOf(join(archive, '77.csv.sealed'))).toContain('99000001S');
    expect(await readdir(rejected)).toHaveLength(2);
    expect(await the.folders.listHalfPutAway()).toEqual([]);
  });

  it('with a done file that a crash left in the inbox', async () => {
    const intake = anIntake({ files: { done: '{name}.done' } });
    await the.claimed('x.csv', leads());
    await the.drop('x.csv.done', '');
    await intake.tidy();
    expect(await newestFile()).toMatchObject({ text: 'x.csv', state: 'arrived' });
    expect((await readdir(the.inbox)).filter((name) => !name.startsWith('.'))).toEqual([]);
  });

  it('with what a writer adds after the claim: it comes as a file of its own', async () => {
    const intake = anIntake();
    const content = leads();
    const path = await the.drop('x.csv', content);
    await using writer = await open(path, 'a');
    await intake.take();
    const [claimed] = await the.folders.listClaimed();
    if (claimed === undefined) throw new Error('not claimed');
    await the.folders.detach(claimed);
    await the.folders.archive(claimed, '1');
    await writer.write('2;99000002Q\n');
    await intake.tidy();
    the.pass(ageMs);
    expect(await intake.tick()).toBe(1);
    expect(await newestFile()).toMatchObject({ text: 'x.csv', bytes: content.length + 12, state: 'arrived' });
  });
});

it('tells what does not become whole, and what is never taken, once, by count', async () => {
  const intake = anIntake();
  await the.drop('x.csv.part', leads());
  await mkdir(join(the.root, 'inbox', 'Ana Ruiz'));
  await writeFile(join(the.root, 'inbox', 'Ana Ruiz', 'x.tmp'), leads());
  await symlink('/etc/hostname', join(the.inbox, 'link.csv'));
  await intake.tick();
  expect(noted).toEqual([{ partner: 'acme', arriving: 0, passedOver: 1, stuck: 0, trouble: null }]);
  the.pass(30 * 60_000);
  for (let ticks = 0; ticks < 3; ticks++) await intake.tick();
  expect(noted.slice(1)).toEqual([
    { partner: 'unknown', arriving: 1, passedOver: 0, stuck: 0, trouble: null },
    { partner: 'acme', arriving: 1, passedOver: 1, stuck: 0, trouble: null },
  ]);
  await bench.ports.ledger.heartbeat(bench.ports.instance);
  const inboxes = await bench.ports.ledger.inboxes();
  expect(inboxes).toMatchObject([
    { partner: 'Ana Ruiz', arriving: 1 },
    { partner: 'acme', arriving: 1, passedOver: 1 },
  ]);
  const sinceMs = Date.now() - (inboxes[1]?.arrivingSince?.getTime() ?? 0);
  expect(sinceMs).toBeGreaterThanOrEqual(30 * 60_000);
  expect(sinceMs).toBeLessThan(32 * 60_000);
});
