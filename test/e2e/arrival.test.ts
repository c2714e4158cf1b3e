import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { link, mkdir, readdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { runLeadsync, startLeadsync, type LeadsyncProcess } from '../support/leadsync-process.ts';
import { makeReadOnly } from '../support/read-only-folder.ts';
import { createInstallation, type Installation } from './installation.ts';
import { drop, leadsCsv, plainPartner } from './leads-file.ts';

interface StatusJson {
  readonly files: readonly { readonly id: string; readonly name: string; readonly code: string | null }[];
  readonly inboxes: readonly { readonly partner: string; readonly passedOver: number; readonly stuck: number }[];
  readonly filesUntaken: number;
}

const manners = [
  'appends slowly',
  'allocates, then fills',
  'renames into place',
  'keeps the time of an old original',
  'pauses for too long in the middle',
  'writes over it once it is taken',
];

describe('two services on one inbox', () => {
  let api: FakeLeadsApi;
  let installation: Installation;
  let services: readonly LeadsyncProcess[] = [];
  let inbox: string;
  let acme: string;

  beforeAll(async () => {
    api = await startFakeLeadsApi();
    installation = await createInstallation('arrival', api, {
      LEADSYNC_QUEUE_BACKEND: 'postgres',
      LEADSYNC_ARRIVAL_AGE_MS: '700',
    });
    const { home } = installation;
    inbox = join(home, 'inbox');
    acme = join(inbox, 'acme');
    // Files of one row after files of many are what the drift guard holds.
    const partner = (id: string) => `${plainPartner(id)}drift: "off"\n`;
    const careful = partner('norte').replace('files: {', 'files: { done: "{name}.done", checksum: "{name}.sha256",');
    for (const [id, text] of [
      ['acme', partner('acme')],
      ['norte', careful],
      ['brisa', partner('brisa')],
    ] as const) {
      await writeFile(join(home, 'partners', `${id}.yaml`), text);
    }
    // There before the first start, and old.
    await drop(inbox, 'acme', 'leads-before.csv', leadsCsv(2, 'BEFORE-'));
    await utimes(join(acme, 'leads-before.csv'), 1, 1);
  });
  afterAll(async () => {
    await Promise.all(services.map((service) => service.end('SIGTERM')));
    await api.close();
    await installation.remove();
  });

  const created = (prefix: string) =>
    api.creates.map(({ partnerLeadId }) => partnerLeadId).filter((id) => id.startsWith(prefix));
  const ids = (rows: number, prefix: string) => Array.from({ length: rows }, (_, n) => `${prefix}${n + 1}`);
  const everythingCreated = (rows: number, prefix: string) =>
    eventually(`${rows} leads ${prefix}`, async () => ids(rows, prefix).every((id) => created(prefix).includes(id)));
  const status = async () => {
    const { stdout } = await runLeadsync(['status', '--json', '--limit', '1000'], installation.env);
    return JSON.parse(stdout) as StatusJson;
  };
  const reasonOf = (partner: string, stem: string) =>
    eventually(`the reason of ${stem}`, async () => {
      const folder = join(installation.home, 'rejected', partner);
      const names = await readdir(folder).catch(() => []);
      const reason = names.find((name) => name.startsWith(stem) && name.endsWith('.reason.txt'));
      const file = names.find((name) => name.startsWith(stem) && !name.endsWith('.txt'));
      return reason && file && readFile(join(folder, reason), 'utf8');
    });

  it('status says that files lie there while nobody takes them', async () => {
    expect((await status()).filesUntaken).toBe(1);
  });

  it('take what was there before they started', async () => {
    services = [1, 2].map(() => startLeadsync(['run'], installation.env));
    await Promise.all(services.map((service) => service.ready()));
    await everythingCreated(2, 'BEFORE-');
  });

  it.each(manners.map((manner, n) => [manner, n] as const))('take all of a file whose writer %s', async (manner, n) => {
    const prefix = `W${n}-`;
    const writer = spawn(
      process.execPath,
      [fileURLToPath(new URL('writer.ts', import.meta.url)), manner, join(acme, `leads-${n}.csv`), '40', prefix],
      { stdio: 'inherit' },
    );
    const [[code]] = await Promise.all([once(writer, 'close'), everythingCreated(40, prefix)]);
    expect(code).toBe(0);
    expect(created(prefix).toSorted()).toEqual(ids(40, prefix).toSorted());
    // What stood there before is imported whole or not at all.
    expect([0, 40]).toContain(created(`OLD-${prefix}`).length);
  });

  it('take each of 200 files that come at once, and take it once', async () => {
    const names = Array.from({ length: 200 }, (_, n) => `leads-many-${n}.csv`);
    // Whole at once: a writer that is kept waiting in the middle is another test.
    await Promise.all(names.map((name, n) => drop(inbox, 'acme', name, leadsCsv(1, `M${n}-`))));
    await eventually('200 leads', async () => created('M').length >= 200);
    await eventually('200 results', async () => {
      const results = await readdir(join(installation.home, 'outbox', 'acme'));
      return results.filter((name) => /^leads-many-.*\.results\.csv$/.test(name)).length >= 200;
    });
    expect(new Set(created('M')).size).toBe(200);
    expect(created('M')).toHaveLength(200);
    const files = (await status()).files.filter(({ name }) => name.startsWith('leads-many-'));
    expect(files.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    expect(files.filter(({ code }) => code !== null)).toEqual([]);
  });

  it('wait for the done file and the checksum of a partner that sends them', async () => {
    const text = leadsCsv(3, 'N-');
    const sum = createHash('sha256').update(text).digest('hex');
    await drop(inbox, 'norte', 'leads.csv', text);
    await drop(inbox, 'norte', 'leads.csv.sha256', `${sum}  leads.csv\n`);
    await drop(inbox, 'norte', 'leads-bad.csv', leadsCsv(3, 'BAD-'));
    await drop(inbox, 'norte', 'leads-bad.csv.sha256', `${sum}  leads-bad.csv\n`);
    await drop(inbox, 'norte', 'leads-bad.csv.done', '');
    expect(await reasonOf('norte', 'leads-bad')).toContain('FILE_CHECKSUM_MISMATCH');
    expect([created('N-'), created('BAD-')]).toEqual([[], []]);
    await drop(inbox, 'norte', 'leads.csv.done', '');
    await everythingCreated(3, 'N-');
    const archived = await eventually('the archive', async () => {
      const names = await readdir(join(installation.home, 'archive', 'norte'));
      return names.length >= 3 && names;
    });
    expect(archived.map((name) => name.replace(/^\d+/, 'ID')).toSorted()).toEqual([
      'ID.csv.done',
      'ID.csv.sealed',
      'ID.csv.sha256',
    ]);
  });

  it('end what they do not import with a reason, and go on', async () => {
    await mkdir(join(acme, '2026'), { recursive: true });
    await writeFile(join(acme, '2026', 'leads-sub.csv'), leadsCsv(1, 'SUB-'));
    await writeFile(join(inbox, 'leads-lost.csv'), leadsCsv(1, 'LOST-'));
    await writeFile(join(acme, 'leads.xlsx'), 'PK\u0003\u0004xl/workbook.xml');
    await writeFile(join(acme, 'notes.md'), '# nothing\n');
    expect(await reasonOf('acme', '2026_leads-sub')).toContain('FILE_IN_SUBFOLDER');
    expect(await reasonOf('_inbox', 'leads-lost')).toContain('FILE_WITHOUT_PARTNER');
    expect(await reasonOf('acme', 'leads.')).toMatch(/FILE_NOT_CSV\n.*XLSX.*CSV UTF-8/);
    expect(await reasonOf('acme', 'notes')).toMatch(/FILE_UNMATCHED\n.*leads\*\.csv, updates\*\.csv/);
    expect([...created('SUB-'), ...created('LOST-')]).toEqual([]);
    const codes = (await status()).files.flatMap(({ code }) => code ?? []);
    for (const code of ['FILE_IN_SUBFOLDER', 'FILE_WITHOUT_PARTNER', 'FILE_NOT_CSV', 'FILE_UNMATCHED'])
      expect(codes).toContain(code);
  });

  it('take a rejected file that is dropped again under a better name', async () => {
    const text = leadsCsv(1, 'AGAIN-');
    await drop(inbox, 'acme', 'again.csv', text);
    await reasonOf('acme', 'again');
    await drop(inbox, 'acme', 'leads-again.csv', text);
    await everythingCreated(1, 'AGAIN-');
  });

  it('never touch links, devices and pipes, say so, and take what lies beside them', async () => {
    const secret = join(installation.home, 'leads-secret.csv');
    await writeFile(secret, leadsCsv(1, 'SECRET-'));
    await symlink(secret, join(acme, 'leads-soft.csv'));
    await link(secret, join(acme, 'leads-hard.csv'));
    await symlink('/dev/zero', join(acme, 'leads-device.csv'));
    await promisify(execFile)('mkfifo', [join(acme, 'leads-pipe.csv')]);
    const raw = Buffer.concat([Buffer.from(`${acme}/`), Buffer.from('leads-\xf1.csv', 'latin1')]);
    await writeFile(raw, leadsCsv(1, 'LATIN-'));
    await everythingCreated(1, 'LATIN-');
    const { inboxes, files } = await eventually('what was passed over', async () => {
      const now = await status();
      return now.inboxes.length > 0 && now;
    });
    expect(inboxes).toMatchObject([{ partner: 'acme', passedOver: 4, stuck: 0 }]);
    expect(files.map(({ name }) => name)).toContain('leads-ñ.csv');
    expect(created('SECRET-')).toEqual([]);
    expect(services.map((service) => service.output()).join('')).not.toMatch(/leads-(soft|hard|device|pipe)/);
  });

  it("go on when one partner's folder is read-only, and take its file once it is not", async () => {
    const brisa = join(inbox, 'brisa');
    await writeFile(join(brisa, 'leads.csv'), leadsCsv(1, 'RO-'));
    const undo = await makeReadOnly(brisa);
    if (undo === null) return;
    try {
      await drop(inbox, 'acme', 'leads-beside.csv', leadsCsv(1, 'BESIDE-'));
      await everythingCreated(1, 'BESIDE-');
      await eventually('the stuck file', async () =>
        (await status()).inboxes.some(({ partner, stuck }) => partner === 'brisa' && stuck === 1),
      );
      expect(created('RO-')).toEqual([]);
    } finally {
      await undo();
    }
    await everythingCreated(1, 'RO-');
    expect(services.map((service) => service.child.exitCode)).toEqual([null, null]);
  });
});
