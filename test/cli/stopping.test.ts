import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { openDatabase } from '../../src/adapters/ledger/database.ts';
import { createRollCall } from '../../src/adapters/ledger/roll-call.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isUrgent, needsPerson, type PresentState } from '../../src/view/needs-person.ts';
import { runCommand, type Ran } from './a-cli.ts';
import { exampleLedger, type ExampleLedger } from './a-ledger.ts';

let example: ExampleLedger;

beforeEach(async () => {
  example = await exampleLedger('cli stopping');
});

afterEach(() => example.close());

async function run(...args: string[]): Promise<Ran> {
  const ran = await runCommand(args, { opened: example.opened });
  return { ...ran, stdout: ran.stdout.replaceAll(/\s+/g, ' ') };
}

const why = ['--reason', 'the insurer asked'];

describe('leadsync breaker', () => {
  it('says that it is closed, at which rate, and changes nothing', async () => {
    expect((await run('breaker')).stdout).toBe('breaker: closed; 10 calls a second');
    expect(JSON.parse((await run('breaker', '--json')).stdout)).toMatchObject({
      account: 'default',
      state: 'closed',
      cause: null,
      nextProbeAt: null,
      ratePerSecond: 10,
      isClimbing: false,
    });
  });

  it('opens for a person, has no probe then, and climbs once a person closes it', async () => {
    const opened = await run('breaker', '--open', ...why);
    expect(opened.stdout).toMatch(/open since .*, opened by a person \(cli:test: the insurer asked\)\. Calls are held/);
    expect(opened.stdout).toContain('probe: none by itself');
    expect((await run('breaker', '--open', ...why)).stderr).toBe('the breaker was opened already');
    const closed = await run('breaker', '--close', ...why);
    expect(closed.stdout).toMatch(/^breaker: closed since .*; 1 calls? a second, climbing$/);
    expect((await run('breaker', '--close', ...why)).stderr).toBe('the breaker was closed already');
  });

  it('tells why an outage is one, and when the next probe goes', async () => {
    const { ledger } = example.opened;
    const probe = { inMs: 40_000, row: null, leftMs: 0, failed: 3 };
    const change = { state: 'open', begins: true, cause: 'unreached', probe } as const;
    await ledger.changeBreaker('default', 0, change, { actor: 'worker-1', reason: null });
    const { stdout, code } = await run('breaker');
    expect(stdout).toMatch(/open since .*, the API can not be reached\. Calls are held; rows keep their tries/);
    expect(stdout).toMatch(/probe: in (?:39|40) s, its own client check; 3 so far found it so/);
    expect(code).toBe(0);
  });

  it('wants a reason for what it changes, and one wish at a time', async () => {
    const refused = async (...args: string[]) => (await runCommand(['breaker', ...args])).code;
    expect(await refused('--open')).toBe(2);
    expect(await refused('--open', '--close', ...why)).toBe(2);
    expect(await refused(...why)).toBe(2);
  });
});

describe('leadsync pause and resume', () => {
  it('pause a partner and let it go on, with actor and reason; status shows the way out', async () => {
    expect((await run('pause', 'acme', ...why)).stdout).toContain('`leadsync resume acme --reason "…"`');
    expect((await run('pause', 'acme', ...why)).stdout).toBe('work of acme was paused already');
    const status = await run('status');
    expect(status.stdout).toMatch(/paused: work of acme since .* by cli:test: the insurer asked\. Files are read/);
    expect(status.stdout).toContain('leadsync resume acme --reason "…"');
    const { pauses } = JSON.parse((await run('status', '--json')).stdout);
    expect(pauses).toMatchObject([{ partner: 'acme', actor: 'cli:test', reason: 'the insurer asked' }]);
    expect((await run('resume', 'acme', ...why)).stdout).toBe('work of acme goes on');
    expect((await run('resume', 'acme', ...why)).stdout).toBe('work of acme was not paused');
  });

  it('without a partner mean everything, halts included, and not the breaker', async () => {
    const { ledger } = example.opened;
    await run('pause', ...why);
    await run('pause', 'acme', ...why);
    const halt = { endpoint: 'altaLead', code: 'API_HALTED_PATH', settings: 'x', row: '1' } as const;
    await ledger.halt('default', halt, { firstMs: 1, mostMs: 1 });
    await run('breaker', '--open', ...why);
    const one = await run('resume', 'acme', ...why);
    expect(one.stderr).toContain('everything is paused still: `leadsync resume --reason "…"`');
    const all = await run('resume', ...why);
    expect(all.stdout).toBe('work goes on: 1 pause and 1 halt ended');
    expect(all.stderr).toBe('the breaker is open still: `leadsync breaker`');
    expect((await run('resume', ...why)).stdout).toBe('nothing was paused or halted');
    expect(await ledger.stops('default')).toMatchObject({ halts: [], pauses: [], breaker: { state: 'open' } });
  });

  it('know the partners, and want a reason', async () => {
    const { code, stderr } = await run('pause', 'acne', ...why);
    expect([code, stderr]).toEqual([2, 'error: PARTNER: expected one of acme; got "acne"']);
    expect((await runCommand(['pause', 'acme'])).code).toBe(2);
    expect((await runCommand(['resume'])).code).toBe(2);
  });
});

describe('what needs a person', () => {
  const calm: PresentState = { counts: [], halts: [], files: [] };
  const breaker = { state: 'open', cause: 'no_answer', forMs: 60_000 } as const;

  it('is an outage that lasts, and none that has just begun or that a person has made', () => {
    const of = (over: object) => needsPerson({ ...calm, breaker: { ...breaker, ...over } });
    expect(of({}).map(({ command, isUrgent: urgent }) => [command, urgent])).toEqual([['leadsync breaker', false]]);
    expect(isUrgent(of({ forMs: 31 * 60_000 }))).toBe(true);
    const byHand = of({ forMs: 31 * 60_000, cause: 'person' });
    expect(byHand.map(({ command }) => command)).toEqual(['leadsync breaker --close --reason "…"']);
    expect(isUrgent(byHand)).toBe(false);
    expect(of({ state: 'closed' })).toEqual([]);
  });
});

it('tells for which host a ledger that has begun anew waits, and until when', async () => {
  const { db, close } = openDatabase(example.adminUrl);
  try {
    const rollCall = createRollCall(db, 'worker-1');
    for (const host of ['north', 'south']) await rollCall.answer(await rollCall.era(), { spool: randomUUID(), host });
    expect(JSON.parse((await run('status', '--json')).stdout).rollCall).toBeNull();
    await sql`vacuum full attempt`.execute(db);
    expect((await run('status')).stdout).toContain('Calls are held until a service looks.');
    await rollCall.answer(await rollCall.era(), { spool: randomUUID(), host: 'east' });
    const status = (await run('status')).stdout.replaceAll(/\s+/g, ' ');
    expect(status).toMatch(
      /waiting since .*: the ledger has begun anew .* until north, south have compared .*, until .* at the latest/,
    );
    const { rollCall: open } = JSON.parse((await run('status', '--json')).stdout);
    expect(open).toMatchObject({ hosts: ['north', 'south'] });
    expect(Date.parse(open.until) - Date.parse(open.since)).toBe(120_000);
  } finally {
    await close();
  }
});
