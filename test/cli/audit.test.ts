import { execFile } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCheckpoints } from '../../src/adapters/audit/checkpoint-file.ts';
import { sealAudit } from '../../src/app/seal-audit.ts';
import { openAuditTrail } from '../../src/main/open-audit-trail.ts';
import { aSealedLog, ledgerId, type SealedLog } from '../app/a-sealed-log.ts';
import { eventually } from '../support/eventually.ts';
import { scratchFolder, type ScratchFolder } from '../support/scratch-folder.ts';
import { runCommand, type Ran } from './a-cli.ts';
import { exampleLedger, type ExampleLedger } from './a-ledger.ts';

const verifier = join(import.meta.dirname, '../../docs/verify-audit.mjs');
const seed = Buffer.alloc(32, 7);

let sealed: SealedLog;
let example: ExampleLedger;
let scratch: ScratchFolder;
let checkpoints: string;

/** A log of forty entries under two seals, with its checkpoints. */
beforeEach(async () => {
  [sealed, example, scratch] = await Promise.all([
    aSealedLog('cli audit'),
    exampleLedger('cli audit'),
    scratchFolder(),
  ]);
  checkpoints = join(scratch.path, 'checkpoints');
  const { signer } = trail();
  if (signer === null) throw new Error('a seed makes a signer');
  const ports = { auditLog: sealed.log, signer, ledgerId, checkpoints: createCheckpoints(checkpoints, 'host') };
  for (const count of [15, 25]) {
    await sealed.write(count);
    let done = 0;
    await eventually('the seal', async () => (done += await sealAudit(ports)) === count);
  }
});

afterEach(() => Promise.all([sealed.close(), example.close(), scratch.remove()]));

const trail = () => openAuditTrail(sealed.db, { seed, ledgerId, folder: checkpoints });

const run = (...args: string[]): Promise<Ran> =>
  runCommand(['audit', ...args], { opened: { ...example.opened, auditTrail: trail() } });

async function offline(...args: string[]): Promise<{ code: number; said: string }> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [verifier, ...args]);
    return { code: 0, said: stdout };
  } catch (error) {
    const { code, stderr } = error as { code: number; stderr: string };
    return { code, said: stderr };
  }
}

describe('leadsync audit verify', () => {
  it('says up to which seal the log is as it was sealed, and writes down that somebody has looked', async () => {
    const { code, stdout, stderr } = await run('verify');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^The audit log is as it was sealed, up to seal 2 of \d{4}-.*Z\.\n40 entries, 2 seals, 0 entries wait .*\n2 checkpoints from outside/,
    );
    expect(stderr).toContain('audit verify: 40 of 40 entries');
    const { rows } = await sql`select actor, detail from audit_event where action = 'audit.verified'`.execute(
      sealed.db,
    );
    expect(rows).toEqual([{ actor: 'cli:test', detail: { entries: 40, seals: 2, faults: 0 } }]);
  });

  it('names the first entry that is not as it was sealed, and ends with 1', async () => {
    await sealed.tamper(`update audit_event set code = 'X' where seq in (9, 20)`);
    const { code, stdout } = await run('verify');
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^The audit log is not as it was sealed:\n {2}entry 9 was changed after seal 1 .*\n {2}entry 20/,
    );
  });

  it('finds a log that was cut off by the checkpoints that it is given', async () => {
    await sealed.tamper('delete from audit_event where seq > 15; delete from audit_seal where no = 2');
    const copy = join(scratch.path, 'copy');
    await writeFile(copy, await readFile(join(checkpoints, 'host.seals.ndjson')));
    await writeFile(join(checkpoints, 'host.seals.ndjson'), '');
    expect((await run('verify')).code).toBe(0);
    const { code, stdout } = await run('verify', '--checkpoint', copy);
    expect([code, stdout]).toEqual([1, expect.stringContaining('the log was cut off: seal 2, from entry 16 on')]);
  });

  it('gives one object to a script', async () => {
    const { stdout } = await run('verify', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      entries: 40,
      seals: 2,
      unsealed: 0,
      faults: [],
      checkpoints: 2,
    });
  });

  it('wants a file of checkpoints that is one', async () => {
    expect((await run('verify', '--checkpoint', join(scratch.path, 'none'))).stderr).toMatch(/ENOENT/);
    await writeFile(join(scratch.path, 'empty'), 'hello\n');
    const { code, stderr } = await run('verify', '--checkpoint', join(scratch.path, 'empty'));
    expect([code, stderr]).toEqual([2, expect.stringContaining('found none in')]);
  });
});

describe('leadsync audit export', () => {
  const file = (): string => join(scratch.path, 'log.ndjson');
  const exported = (...more: string[]): Promise<Ran> => run('export', file(), '--reason', 'yearly review', ...more);
  const key = async (): Promise<string> => (await run('key')).stdout;
  const kept = (): string => join(checkpoints, 'host.seals.ndjson');

  it('is checked offline, line by line, against the key and the checkpoints', async () => {
    const { code, stdout } = await exported();
    expect([code, stdout]).toEqual([0, `40 entries under 2 seals in ${file()}`]);
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    const checked = await offline(file(), await key(), kept());
    expect(checked.said).toMatch(/^40 entries are as they were sealed; the last seal is 2, .*\n2 checkpoints agree\n$/);
    expect(checked.code).toBe(0);
  });

  it.each([
    [
      'an entry changed',
      (lines: string[]) => lines.map((line, at) => (at === 4 ? line.replace('test', 'tost') : line)),
      'seal 1 (entries 1 to 15): an entry was changed or moved',
    ],
    [
      'two entries swapped',
      ([a, b, ...rest]: string[]) => [b, a, ...rest],
      'seal 1 (entries 1 to 15): an entry was changed or moved',
    ],
    [
      'an entry left out',
      (lines: string[]) => lines.toSpliced(20, 1),
      'seal 2 (entries 16 to 40): it closes 25 entries, here are 24',
    ],
    [
      'the end left out',
      (lines: string[]) => lines.slice(0, 16),
      'it ends at seal 1 (entry 15), and a checkpoint has seal 2: the rest was cut off',
    ],
    [
      'a seal changed',
      (lines: string[]) => lines.map((line) => line.replace('\\"no\\":2', '\\"no\\":3')),
      'seal 3 (entries 16 to 40): its signature',
    ],
    ['an unsealed end', (lines: string[]) => lines.slice(0, 20), '4 entries at the end, to 19, have no seal'],
  ])('shows offline that there is %s', async (_what, change, says) => {
    await exported();
    const lines = (await readFile(file(), 'utf8')).trimEnd().split('\n');
    const changed = join(scratch.path, 'changed.ndjson');
    await writeFile(changed, `${change(lines).join('\n')}\n`);
    expect(await offline(changed, await key(), kept())).toEqual({ code: 1, said: `NOT as it was sealed: ${says}\n` });
  });

  it('does not write over a file, takes a part by seals, and is audited with its reason', async () => {
    await exported('--to', '1');
    expect((await readFile(file(), 'utf8')).trimEnd().split('\n')).toHaveLength(16);
    expect((await exported()).stderr).toMatch(/expected a file that is not there yet/);
    const { rows } = await sql<{ action: string }>`select action, reason, detail from audit_event
      where action like 'audit.export%' order by seq`.execute(sealed.db);
    // What was begun is known also where its end is not.
    expect(rows).toEqual([
      { action: 'audit.export_begun', reason: 'yearly review', detail: { from: 1, to: 1 } },
      { action: 'audit.exported', reason: 'yearly review', detail: { entries: 15, seals: 1 } },
      { action: 'audit.export_begun', reason: 'yearly review', detail: { from: 1, to: null } },
    ]);
  });
});
