import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultAccount } from '../../src/domain/account.ts';
import { scratchFolder, type ScratchFolder } from '../support/scratch-folder.ts';
import { runCommand } from './a-cli.ts';
import { exampleLedger, type ExampleLedger } from './a-ledger.ts';

let example: ExampleLedger;
let scratch: ScratchFolder;
beforeEach(async () => {
  [example, scratch] = await Promise.all([exampleLedger('cli recover'), scratchFolder()]);
});
afterEach(() => Promise.all([example.close(), scratch.remove()]));

const run = (...args: string[]) => runCommand(args, { opened: example.opened });
const isPaused = async () => (await example.opened.ledger.stops(defaultAccount)).pauses.length > 0;

function noteGap(spool: string): Promise<boolean> {
  const highestRow = async () => '1';
  return example.opened.gap.noteGap({ spool, host: 'host-b', attempts: 1, highestRow, actor: 'host-b' });
}

describe('a ledger that is behind', () => {
  it('is paused until its host has recovered it, and no empty partner is taken for everybody', async () => {
    const spool = randomUUID();
    await noteGap(spool);
    const empty = await run('resume', '', '--reason', 'an unset variable');
    expect([empty.code, empty.stderr]).toEqual([2, expect.stringContaining('got ""')]);
    expect((await run('resume', '--reason', 'in a hurry')).stderr).toContain('--give-up');
    expect(await isPaused()).toBe(true);
    // Whoever resumed in the moment before it was noted is overruled at the next look.
    await example.opened.ledger.endPauses(null, { actor: 'test', reason: 'raced' });
    expect(await noteGap(spool)).toBe(false);
    expect(await isPaused()).toBe(true);
  });

  it('goes on without the spool of a host that is lost, when a person says so', async () => {
    await noteGap(randomUUID());
    const wrong = await run('recover', '--give-up', 'host-c', '--reason', 'burnt');
    expect(wrong.stderr).toContain('expected a host that is to be recovered (host-b); got "host-c"');
    expect((await run('recover', '--give-up', 'host-b', '--reason', 'burnt')).stdout).toContain('may be sent again');
    expect((await run('resume', '--reason', 'burnt')).code).toBe(0);
    expect(await isPaused()).toBe(false);
  });
});

it('takes no folder for a spool that is none', async () => {
  const folder = join(scratch.path, 'mistyped');
  const said = await run('recover', '--spool', folder, '--dry-run');
  expect(said.stderr).toContain(`found no spool.id in ${folder}`);
});

it('no listing proves the absence of a lead that was sent under the number of a row that is gone', async () => {
  const { gap, vault } = example.opened;
  const key = await vault.keyFor('acme');
  const lost = {
    attemptId: randomUUID(),
    instance: 'host-b',
    at: new Date(Date.now() - 3_600_000),
    partner: 'acme',
    identity: randomUUID(),
    content: null,
    keyId: key.id,
    payload: key.seal(JSON.stringify({ fields: {}, partnerLeadId: null })),
  };
  const [put] = await gap.putInDoubt([lost], { actor: 'test', reason: 'restored' });
  const listed = await run('in-doubt');
  expect(listed.stdout).toContain(`row ${put?.rowId}: lead of acme, recovered without its file`);
  const path = join(scratch.path, 'ask.csv');
  await run('in-doubt', '--ask', path);
  const asked = (await readFile(path, 'utf8')).split('\r\n').find((line) => line.startsWith(`${put?.rowId};`));
  expect(asked).toBe(`${put?.rowId};lead;acme;;;;;${lost.attemptId};;${lost.at.toISOString()};`);

  // Complete, with leads on both sides.
  const listing = join(scratch.path, 'listing.csv');
  await writeFile(listing, 'leadId;partnerLeadId;createdAt\r\nL-1;CRM-1;\r\n');
  const compared = await run('reconcile', listing, '--complete', '--as-of', '1s', '--reason', 'ticket');
  expect(compared.stdout.replaceAll(/\s+/g, ' ')).toContain('sent under an id that went with the lost part');
  const resolved = await run('resolve', put?.rowId ?? '', '--send-again', '--reason', 'not there, says the insurer');
  expect(resolved.stderr + resolved.stdout).toContain('holds its lead no more');
});
