import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { runCommand, type Ran } from './a-cli.ts';
import { exampleLedger, type ExampleLedger } from './a-ledger.ts';

let example: ExampleLedger;

beforeEach(async () => {
  example = await exampleLedger('cli acting');
});

afterEach(() => example.close());

function run(...args: string[]): Promise<Ran> {
  return runCommand(args, { opened: example.opened });
}

/** What the leader of a service does. */
async function carryOut(id: string): Promise<void> {
  const { replays } = example.opened;
  await eventually('the end of the replay', async () => {
    await replays.carryOnReplay(id, 500);
    return (await replays.runningReplays()).length === 0;
  });
}

describe('leadsync replay', () => {
  it('shows by class what it would do, and does nothing on a dry run', async () => {
    const { stdout, code } = await run('replay', '--partner', 'acme', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^1 row goes back to work.*\n.*\n.*acme {5}lead {2}failed {2}API_KO/);
    expect(stdout).toMatch(/1 row stays: may have arrived.*\n.*\n.*in doubt {2}API_NO_ANSWER/);
    expect(stdout).toMatch(/1 row stays: to be corrected.*\n.*\n.*rejected {2}ROW_NIF_INVALID/);
    expect((await example.row('CRM-3')).state).toBe('failed');
  });

  it('starts a replay that the service carries out, and says so while nobody does', async () => {
    const { stdout, stderr, code } = await run('replay', '--state', 'failed', '--reason', 'the API is back', '--yes');
    expect(code).toBe(0);
    expect(stdout).toContain('replay 1: 1 row, at most 10 a second');
    expect(stderr).toContain('no `leadsync run` is at work on this ledger');
    expect((await example.row('CRM-3')).state).toBe('failed');
    await carryOut('1');
    const row = await example.row('CRM-3');
    expect(row.state).toBe('received');
    expect(await example.opened.ledger.history(row.id)).toContainEqual(
      expect.objectContaining({ action: 'row.replayed', actor: 'cli:test', reason: 'the API is back' }),
    );
    expect((await run('replay', '--show', '1')).stdout).toMatch(
      /^replay 1: 1 row, at most 10 a second, started [\s\S]*by cli:test,\sfinished .*\nreason: the API is back\nselected: state failed\n1 replayed · 0 had moved on · 0 held by another row$/,
    );
    const [listed] = JSON.parse((await run('replay', '--list', '--json')).stdout) as object[];
    expect(listed).toMatchObject({ id: '1', state: 'finished', rows: 1, replayed: 1, left: 0, rate: 10 });
  });

  it('waits with a progress bar until all are back at work', async () => {
    const waiting = run('replay', '--state', 'failed', '--reason', 'mended', '--rate', '1000', '--wait', '--json');
    await eventually('the replay', async () => (await example.opened.replays.runningReplays()).length > 0);
    await carryOut('1');
    const { stdout, stderr, code } = await waiting;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      replay: { id: '1', state: 'finished', replayed: 1, rate: 1000 },
      groups: [{ class: 'safe', state: 'failed', code: 'API_KO', n: 1 }],
    });
    expect(stderr).toContain('replay: 1 of 1 rows');
  });

  it('shows in status while it is under way, and status --wait waits for it', async () => {
    await run('replay', '--state', 'failed', '--reason', 'the API is back', '--yes');
    const { stdout } = await run('status');
    expect(stdout).toContain('replay 1 is under way: 1 of 1 row left');
    expect(stdout).toContain('    leadsync replay --show 1');
    // Ends at the second look.
    const { ledger, replays } = example.opened;
    await ledger.settleFile(example.fileId, { version: 1, moves: 0 }, 'test');
    let looks = 0;
    const runningReplays = async () => {
      looks += 1;
      if (looks === 2) await replays.abortReplay('1', { actor: 'cli:test', reason: 'enough' });
      return replays.runningReplays();
    };
    const opened = { ...example.opened, replays: { ...replays, runningReplays } };
    const waited = await runCommand(['status', '--wait'], { opened });
    expect(waited.stderr).toContain('waiting for one');
    expect(waited.stdout).not.toContain('is under way');
  });

  it('starts nothing where no row is safe', async () => {
    const { stdout, code } = await run('replay', '--state', 'in_doubt', '--reason', 'x', '--yes');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^1 row stays: may have arrived/)]);
    expect((await run('replay', '--list')).stdout).toBe('no replay yet');
  });

  it('leaves everything as it is when the person says no', async () => {
    const { stderr } = await runCommand(['replay', '--state', 'failed', '--reason', 'x'], {
      opened: example.opened,
      isTerminal: true,
      answer: 'n',
    });
    expect(stderr).toContain('nothing was replayed');
    expect((await run('replay', '--list')).stdout).toBe('no replay yet');
  });

  it('aborts a replay with a reason, once', async () => {
    await run('replay', '--state', 'failed', '--reason', 'the API is back');
    expect((await run('replay', '--abort', '1')).code).toBe(2);
    const aborted = await run('replay', '--abort', '1', '--reason', 'down again');
    expect(aborted).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^replay 1 is aborted: 0 replayed.*1 not touched$/),
    });
    expect(await run('replay', '--abort', '1', '--reason', 'again')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^replay 1 is aborted already/),
    });
    await example.opened.replays.carryOnReplay('1', 500);
    expect((await example.row('CRM-3')).state).toBe('failed');
    expect((await run('replay', '--show', '9')).stderr).toBe(
      'error: --show: expected the id of a replay (`leadsync replay --list`); got "9"',
    );
  });

  it('wants a reason before it looks at anything', async () => {
    const { code, stderr } = await runCommand(['replay', '--state', 'failed']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: --reason: expected why.*got nothing$/);
  });
});

describe('leadsync resolve', () => {
  it('registers a lead with the leadId that the insurer names', async () => {
    const { id } = await example.row('CRM-2');
    const { stdout, code } = await run('resolve', id, '--lead-id', 'L-2', '--reason', 'ticket 8812');
    expect([code, stdout]).toEqual([0, `row ${id} is registered: the lead exists and its leadId is recorded`]);
    expect(await example.row('CRM-2')).toMatchObject({ state: 'registered', leadId: 'L-2' });
  });

  it('says how long to wait when it is too early to send again', async () => {
    const { id } = await example.row('CRM-2');
    const { code, stderr } = await run('resolve', id, '--send-again', '--reason', 'not there');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^too early: .* Try again in (?:19|20) min$/);
    expect((await example.row('CRM-2')).state).toBe('in_doubt');
  });

  it("keeps the doubt when the leadId is another row's", async () => {
    const { id } = await example.row('CRM-2');
    const { code, stderr } = await run('resolve', id, '--lead-id', 'L-1', '--reason', 'typo');
    expect(code).toBe(1);
    expect(stderr).toContain('another row has this leadId');
  });

  it('takes --no-id for a lead whose leadId nobody can name', async () => {
    const { id } = await example.row('CRM-2');
    expect((await run('resolve', id, '--no-id', '--reason', 'by phone')).code).toBe(0);
    expect((await example.row('CRM-2')).state).toBe('registered_without_id');
  });

  it('refuses a verdict of the other kind, and rows that are not in doubt', async () => {
    const doubted = await example.row('CRM-2');
    const wrong = await run('resolve', doubted.id, '--pushed', '--reason', 'x');
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      `row ${doubted.id} is a lead: expected --lead-id ID, --send-again, --no-id or --abandon`,
    ]);
    const failed = await example.row('CRM-3');
    expect((await run('resolve', failed.id, '--abandon', '--reason', 'x')).stderr).toContain('is failed');
  });
});

describe('leadsync update', () => {
  it('enters a status update that lead shows', async () => {
    const { stdout, code } = await run('update', 'CRM-1', '--estado', '7', '--observacion', 'Cita concertada');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^status update, row \d+, of the lead of row \d+$/);
    const life = await run('lead', 'CRM-1');
    expect(life.stdout).toMatch(/Status updates\n.*\n.*entered by hand {2}7 .* received/);
    expect(life.stdout).not.toContain('Cita');
  });

  it('refuses an update without observacion, naming the option', async () => {
    const { code, stderr } = await run('update', 'CRM-1', '--estado', '7');
    expect(code).toBe(2);
    expect(stderr).toBe('error: --observacion: ROW_FIELD_MISSING: A required value is missing: the comment.');
  });

  it('refuses an update of a lead that never was', async () => {
    const { code, stderr } = await run('update', 'ls-4', '--estado', '7', '--observacion', 'x');
    expect([code, stderr]).toEqual([2, 'error: LEAD: expected a lead that exists or is on its way; row 4 is rejected']);
  });

  it('ends with exit 2 without a Leads API', async () => {
    const { surroundings } = example.opened;
    const opened = { ...example.opened, surroundings: { ...surroundings, environment: 'not set (LEADS_API_URL)' } };
    const { code, stderr } = await runCommand(['update', 'L-1', '--estado', '7'], { opened });
    expect([code, stderr]).toEqual([2, 'error: LEADS_API_URL: expected the URL of the Leads API; got nothing']);
  });
});
