import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Folders } from '../../src/app/ports/folders.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { runCommand, type Ran } from './a-cli.ts';
import { exampleLedger, type ExampleLedger } from './a-ledger.ts';

let example: ExampleLedger;

beforeEach(async () => {
  example = await exampleLedger('cli file');
});
afterEach(() => example.close());

const nothingHere: Pick<Folders, 'archivedAt' | 'isRejected' | 'listClaimed' | 'rejectedAt'> = {
  archivedAt: async () => null,
  isRejected: async () => false,
  rejectedAt: async () => null,
  listClaimed: async () => [],
};

function run(...args: string[]): Promise<Ran> {
  const opened = { ...example.opened, folders: nothingHere as Folders };
  return runCommand(['file', ...args], { opened });
}

const why = ['--reason', 'ticket 8812'] as const;

describe('leadsync file', () => {
  it.each([
    [[], /^error: expected one of --hold, --release, --now, --reject, --cancel, --reread, --save-as PATH; got none$/],
    [['--hold', '--cancel'], /; got 2$/],
    [['--release', '--csv'], /^error: --csv: expected with --cancel/],
  ])('wants one thing to do: %j', async (args, says) => {
    const { code, stderr } = await runCommand(['file', '7', ...args, ...why]);
    expect(code).toBe(2);
    expect(stderr).toMatch(says);
  });

  it('wants a reason, and a file that there is', async () => {
    expect((await runCommand(['file', '7', '--hold'])).stderr).toMatch(/^error: --reason: expected why/);
    const { code, stderr } = await run('999', '--hold', ...why);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: FILE-ID: expected the id of a file/);
  });

  it('begins a file before its hour, which status shows while it waits', async () => {
    const { ledger, vault } = example.opened;
    const key = await vault.keyFor('acme');
    const { file } = await ledger.acceptFile({
      partner: 'acme',
      kind: 'leads',
      keyId: key.id,
      name: key.seal('for-tonight.csv'),
      sha256: 'ab'.repeat(32),
      bytes: 10,
      configVersion: 'test',
      dueAt: new Date('2099-01-01T01:00:00Z'),
      again: false,
      actor: 'test',
    });
    const shown = async () => (await runCommand(['status'], { opened: example.opened })).stdout;
    expect(await shown()).toContain('waits for its run at 2099-01-01 02:00');
    const { code, stdout, stderr } = await run(file.id, '--now', ...why);
    expect([code, stdout]).toEqual([0, `file ${file.id} waits no longer: it is read and sent now`]);
    expect(stderr).toContain('no `leadsync run` is alive');
    expect((await ledger.filesDue()).map(({ id }) => id)).toContain(file.id);
    expect((await run(file.id, '--now', ...why)).stderr).toBe(
      `file ${file.id} does not wait for an hour, it is arrived`,
    );
    expect(await shown()).not.toContain('waits for its run');
  });

  it('status is red for a file that was to be read long ago, until somebody knows', async () => {
    const { ledger, vault } = example.opened;
    const key = await vault.keyFor('acme');
    const dueBy = (minutes: number) => new Date(Date.now() - minutes * 60_000);
    const accept = async (sha256: string, minutes: number) =>
      ledger.acceptFile({
        partner: 'acme',
        kind: 'leads',
        keyId: key.id,
        name: key.seal('unread.csv'),
        sha256,
        bytes: 10,
        configVersion: 'test',
        dueAt: dueBy(minutes),
        again: false,
        actor: 'test',
      });
    await accept('cd'.repeat(32), 14);
    const early = await runCommand(['status'], { opened: example.opened });
    expect(early.stdout).not.toContain('not been read');
    const { file } = await accept('ef'.repeat(32), 16);
    const { stdout, code } = await runCommand(['status'], { opened: example.opened });
    expect(stdout).toContain(`file ${file.id} of acme has not been read, due for 17 min`);
    expect(stdout).toContain(`leadsync file ${file.id}`);
    expect(code).toBe(1);
  });

  it('holds a file, which status then shows with the command, and lets it go on', async () => {
    await example.opened.ledger.move({
      rowId: (await example.row('CRM-3')).id,
      from: ['failed'],
      fence: (await example.row('CRM-3')).fence,
      to: 'received',
      audit: null,
    });
    const held = await run(example.fileId, '--hold', ...why);
    expect(held).toMatchObject({ code: 0, stdout: `file ${example.fileId} is held: no call of it begins from now on` });
    const status = await runCommand(['status'], { opened: example.opened });
    expect(status.stdout).toContain(`    leadsync file ${example.fileId} --release --reason "…"`);
    expect(status.stdout).toContain('FILE_HELD');
    expect((await run(example.fileId, '--hold', ...why)).stderr).toBe(
      `file ${example.fileId} is held already: FILE_HELD`,
    );
    const released = await run(example.fileId, '--release', ...why, '--json');
    expect(JSON.parse(released.stdout)).toEqual({ file: example.fileId, state: 'read' });
    const again = await run(example.fileId, '--release', ...why);
    expect([again.code, again.stderr]).toEqual([2, `file ${example.fileId} is not held, it is read`]);
  });

  it('cancels what was not sent and lists the leads that exist or may exist', async () => {
    const { code, stdout } = await run(example.fileId, '--cancel', ...why);
    expect(code).toBe(0);
    expect(stdout).toContain(`1 row of file ${example.fileId} cancelled: nothing of it was sent`);
    expect(stdout).toMatch(/^ {2}2 {2}registered {2}L-1 {5}CRM-1$/m);
    expect(stdout).toMatch(/^ {2}3 {2}in doubt {12}CRM-2$/m);
    expect(await example.row('CRM-3')).toMatchObject({ state: 'cancelled', code: 'ROW_CANCELLED' });
    // Refused for what it says: that stays its answer.
    expect((await example.row('CRM-4')).state).toBe('rejected');
    expect(await example.opened.ledger.history((await example.row('CRM-3')).id)).toContainEqual(
      expect.objectContaining({ action: 'row.cancelled', actor: 'cli:test', reason: 'ticket 8812' }),
    );
  });

  it('lists them as CSV and as JSON for scripts', async () => {
    const csv = await run(example.fileId, '--cancel', ...why, '--csv');
    const [header, first] = csv.stdout.split('\n');
    expect(header).toBe('row;state;leadId;idLanding;partnerLeadId;updatedAt');
    expect(first).toMatch(/^2;registered;L-1;IL-1;CRM-1;\d{4}-/);
    const json = await run(example.fileId, '--cancel', ...why, '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      file: example.fileId,
      cancelled: 0,
      leads: [
        { row: 2, leadId: 'L-1', partnerLeadId: 'CRM-1' },
        { row: 3, state: 'in_doubt' },
      ],
    });
  });

  it('turns no file away of which leads exist', async () => {
    const { code, stderr } = await run(example.fileId, '--reject', ...why);
    expect([code, stderr]).toEqual([
      1,
      `leads of file ${example.fileId} exist or may exist, so it can not be turned away: --cancel`,
    ]);
    expect((await example.opened.ledger.file(example.fileId))?.state).toBe('read');
  });

  it.each(['archive', 'rejected', 'claimed', 'put away by half'])(
    'gives out what is kept of a file, %s, and writes down who took it',
    async (place) => {
      const scratch = await scratchFolder();
      const kept = join(scratch.path, 'kept.csv');
      await writeFile(kept, 'ID;Nombre\n1;Íñigo\n');
      const { sha256 } = (await example.opened.ledger.file(example.fileId)) ?? { sha256: '' };
      const folders = {
        archivedAt: async () => (place === 'archive' ? kept : null),
        rejectedAt: async () => (place === 'rejected' ? kept : null),
        listClaimed: async () => (place === 'claimed' ? [{ partner: 'acme', sha256, path: kept }] : []),
        listHalfPutAway: async () => [
          { file: { partner: 'acme', sha256, path: join(scratch.path, 'of-another') }, to: 'archived', fileId: '999' },
          { file: { partner: 'acme', sha256, path: kept }, to: 'archived', fileId: example.fileId },
        ],
      } as unknown as Folders;
      const path = join(scratch.path, 'out.csv');
      const take = () =>
        runCommand(['file', example.fileId, '--save-as', path, ...why], { opened: { ...example.opened, folders } });
      const { code, stdout } = await take();
      expect([code, stdout]).toEqual([
        0,
        expect.stringContaining(`the bytes of file ${example.fileId} are in ${path}`),
      ]);
      expect(await readFile(path, 'utf8')).toBe('ID;Nombre\n1;Íñigo\n');
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      const entries = await example.opened.auditTrail.log.entries('0', 1_000);
      expect(entries.map(({ line }) => line).filter((line) => line.includes('file.exported'))).toEqual([
        expect.stringMatching(/cli:test.*ticket 8812/),
      ]);
      // Never over another file.
      expect((await take()).code).toBe(2);
      await scratch.remove();
    },
  );

  it('reads no file again whose bytes are elsewhere', async () => {
    const { code, stderr } = await run(example.fileId, '--reread', ...why);
    expect([code, stderr]).toEqual([
      1,
      `the bytes of file ${example.fileId} are not on this host: run it where its inbox and archive are`,
    ]);
  });
});
