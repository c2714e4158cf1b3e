import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPerson } from '../../src/app/row-payload.ts';
import { runCommand, type Ran } from './a-cli.ts';
import { exampleLedger, type ExampleLedger } from './a-ledger.ts';

let example: ExampleLedger;

beforeEach(async () => {
  example = await exampleLedger('cli erase');
});
afterEach(() => example.close());

function run(answer: string, ...args: string[]): Promise<Ran> {
  return runCommand(['erase', ...args], { opened: example.opened, answer });
}

const because = ['--reason', 'request 118', '--yes'];

describe('leadsync erase', () => {
  it('shows first whose rows these are and what becomes of each, and nothing of the person', async () => {
    const { stdout, code } = await run('00000001r', '--nif', '-', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^1 row erased; outcome, leadId and audit events stay\n(?:.*\n)+.*registered.* L-1 /);
    expect(stdout).toMatch(/can\s+not\s+delete\.\s+Tell\s+it:\s+L-1/);
    expect(stdout).toContain('On the suppression list from then on: NIF');
    expect(stdout).not.toMatch(/00000001R|Ana|CRM-1/);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect((await openPerson(example.opened.vault, await example.row('CRM-1'))).partnerLeadId).toBe('CRM-1');
    expect(await example.opened.erasures.erasures({ limit: 1 })).toEqual([]);
  });

  it('erases with actor and reason, says what it can not find here, and ends by the word of a person', async () => {
    const { stderr, code } = await run('00000001R', '--nif', '-', ...because);
    // Its file was never archived.
    expect([code, stderr]).toEqual([1, expect.stringContaining('not on this host: file 1')]);
    expect(stderr).toContain('erasure 1 goes on by itself: 1 file to be rewritten');
    expect(await openPerson(example.opened.vault, await example.row('CRM-1'))).toEqual({
      fields: {},
      partnerLeadId: null,
    });
    expect((await run('', '--carry-on')).code).toBe(1);
    const ended = await run('', '--give-up', '1', '--reason', 'the disk is gone');
    expect([ended.code, ended.stdout]).toEqual([0, 'erasure 1 is done: 1 row erased']);
    const audit = (await example.opened.auditTrail.log.entries('0', 1_000)).map(
      ({ line }) => JSON.parse(line) as { readonly action: string },
    );
    expect(audit.filter(({ action }) => action.startsWith('person.'))).toMatchObject([
      { action: 'person.looked_up', detail: { by: 'erase', rows: 1 } },
      { action: 'person.erasure_begun', actor: 'cli:test', reason: 'request 118' },
      { action: 'person.searched' },
      { action: 'person.files_given_up', reason: 'the disk is gone' },
      { action: 'person.erased', reason: 'request 118' },
    ]);
    expect(JSON.stringify(audit)).not.toMatch(/00000001R|Ana /);
    const again = await run('00000001R', '--nif', '-', ...because);
    expect([again.code, again.stdout]).toEqual([0, expect.stringMatching(/^no row is theirs\n\n.*erasure 1$/)]);
  });

  it('waits for a row in doubt, says so, and erases it once it is resolved', async () => {
    const { stdout, stderr, code } = await run('00000002W', '--nif', '-', ...because);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^1 row in doubt, erased as soon as you have found/)]);
    expect(stderr).toContain('1 row in doubt (`leadsync in-doubt`)');
    const { id } = await example.row('CRM-2');
    const said = ['resolve', id, '--lead-id', 'L-2', '--reason', 'says the insurer'];
    expect((await runCommand(said, { opened: example.opened })).code).toBe(0);
    await run('', '--carry-on');
    expect(await example.row('CRM-2')).toMatchObject({ state: 'registered', leadId: 'L-2', erasure: '1' });
  });

  it('lists erasures, and by a NIF those by which somebody is suppressed, until it is lifted', async () => {
    await run('00000001R', '--nif', '-', ...because);
    const list = async (...args: string[]) => JSON.parse((await run('00000001R', '--list', '--json', ...args)).stdout);
    expect(await list()).toMatchObject([{ id: '1', actor: 'cli:test', erased: 1, refused: 0, lifted: null }]);
    expect((await run('', '--list')).stdout).toMatch(/erasure .*\n +1 .* request 118$/);
    expect(await list('--nif', '-')).toMatchObject([{ id: '1' }]);
    expect((await run('00000002W', '--list', '--nif', '-')).stdout).toMatch(/^nobody with this value/);
    expect((await run('', '--lift', '1', '--reason', 'new consent')).code).toBe(0);
    expect(await list('--nif', '-')).toEqual([]);
    expect(await list()).toMatchObject([{ lifted: { actor: 'cli:test', reason: 'new consent' } }]);
    expect((await run('', '--lift', '1', '--reason', 'twice')).code).toBe(1);
  });

  it('puts somebody on the list of whom there is no row', async () => {
    const { stdout, code } = await run('600123123', '--phone', '-', ...because);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^no row is theirs\n(?:.*\n)+erasure 1 is done: 0 rows erased$/),
    ]);
  });

  it('does nothing without a word: a terminal is asked, a script says --yes', async () => {
    const asked = { opened: example.opened, isTerminal: true, answer: '00000001R' };
    const said = ['erase', '--nif', '-', '--reason', 'x'];
    expect((await runCommand(said, asked)).stderr).toContain('nothing was erased');
    expect((await run('00000001R', '--nif', '-', '--reason', 'x')).stderr).toContain('unless --yes');
    expect((await example.row('CRM-1')).erasure).toBeNull();
  });

  it.each([
    ['00000001R', ['--phone', '-', ...because], /^error: --phone: expected a phone number/],
    ['Ana Sintética', ['--nif', '-', ...because], /^error: --nif: expected a NIF/],
    [
      '00000001R',
      ['--nif', '-', '--yes', '--reason', 'DNI 00000001/R'],
      /^error: --reason: expected nothing of the person/,
    ],
    ['', ['--lift', '7', '--reason', 'x'], /^error: --lift: expected the id of an erasure/],
  ])('refuses %s by %j, without repeating it', async (answer, args, says) => {
    const { code, stderr } = await run(answer, ...args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(says)]);
    expect(stderr).not.toMatch(/00000001R|Ana Sint/);
  });

  it.each([
    [['--nif', '00000001R', ...because], /^error: USAGE_PERSONAL_DATA: argument 3 /],
    [['--nif', '-', '--phone', '-', ...because], /^error: expected one of --nif -, .*; got 2$/],
    [['--nif', '-'], /^error: --reason: expected why/],
    [[], /^error: expected one of .*; got none$/],
  ])('refuses %j before it opens anything', async (args, says) => {
    expect(await runCommand(['erase', ...args])).toMatchObject({ code: 2, stderr: expect.stringMatching(says) });
  });
});
