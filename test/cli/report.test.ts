import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { textWidth } from '../../src/cli/text-width.ts';
import { keyOf, type Expectation } from '../../src/domain/expectation.ts';
import { addDays, localTimeAt, weekdays } from '../../src/domain/local-time.ts';
import { nightOf, nightUpTo, spanOfNight } from '../../src/domain/night.ts';
import type { Partner } from '../../src/domain/partner.ts';
import { aPartner } from '../domain/a-partner.ts';
import { runCommand } from './a-cli.ts';
import { exampleLedger, type ExampleLedger } from './a-ledger.ts';

const timeZone = 'Europe/Madrid';

let example: ExampleLedger;
let partners: readonly Partner[];
let watch: ExampleLedger['opened']['nights']['watch'];

beforeAll(async () => {
  example = await exampleLedger('cli report');
  watch = example.opened.nights.watch;
});
afterAll(() => example.close());
beforeEach(() => {
  partners = [aPartner()];
  example.opened.nights.watch = watch;
});

function run(...args: string[]) {
  const opened = {
    ...example.opened,
    partners: {
      get: (id: string) => partners.find((partner) => partner.id === id) ?? null,
      list: () => partners,
      isBroken: () => false,
    },
  };
  return runCommand(args, { opened });
}

const tonight = (): string => nightOf(new Date(), timeZone);

/** Of the day that ended a minute ago; and in which night that was. */
function aMinuteAgo(): { readonly expected: Expectation; readonly night: string } {
  const moment = new Date(Math.floor(Date.now() / 60_000 - 1) * 60_000);
  const by = localTimeAt(moment, timeZone).time;
  return {
    expected: { kind: 'leads', files: 1, by, from: by, days: weekdays },
    night: nightUpTo(moment, timeZone),
  };
}

/** A partner that expects it since long ago. */
async function expecting(id: string, expected: Expectation): Promise<Partner> {
  await example.opened.nights.noteExpected(id, [keyOf(expected)]);
  example.opened.nights.watch = async () => {
    const now = await watch();
    const own = { lookedTo: now.now, expects: new Map([[keyOf(expected), new Date('2026-01-01')]]) };
    return { ...now, partners: new Map([...now.partners, [id, own]]) };
  };
  return aPartner({ id, expect: [expected] });
}

describe('leadsync report', () => {
  it('shows a night on one screen: outcomes, stoppages, what needs a person with its command', async () => {
    const { stdout, code } = await run('report', '--night', tonight());
    expect(code).toBe(1);
    expect(stdout).toContain(`Night of ${tonight()} (`);
    expect(stdout).toContain('acme: 1 file\n  4 leads: 1 registered · 1 rejected · 1 failed · 1 in doubt');
    expect(stdout).toContain('No outage, no halt, no pause.');
    expect(stdout).toContain('    leadsync in-doubt --partner acme --kind lead');
    const lines = stdout.split('\n').filter((line) => !line.startsWith('    leadsync '));
    expect(lines.filter((line) => textWidth(line) > 80)).toEqual([]);
    expect(lines.length).toBeLessThan(24);
  });

  it('names no file: a report may be sent to anybody', async () => {
    for (const args of [[], ['--json']]) {
      expect((await run('report', '--night', tonight(), ...args)).stdout).not.toContain('export-of-monday');
    }
  });

  it('says which files are missing and turns red', async () => {
    const { expected, night } = aMinuteAgo();
    partners = [aPartner(), await expecting('brisa', expected)];
    const { stdout, code } = await run('report', '--night', night);
    expect(code).toBe(1);
    expect(stdout).toMatch(/brisa +1 leads +\d{4}-\d\d-\d\d \d\d:\d\d +none +MISSING/);
    expect(stdout).toMatch(/no leads file of brisa came by \d\d:\d\d on \d{4}-\d\d-\d\d/);
    expect(stdout).toContain('    leadsync import FILE --partner brisa --kind leads');
  });

  it('gives scripts the promised names', async () => {
    const { expected, night } = aMinuteAgo();
    const nightly = aPartner({ schedule: { cron: '0 2 * * *', timeZone } });
    partners = [nightly, await expecting('brisa', expected)];
    const ofNight = async (wanted: string) => JSON.parse((await run('report', '--night', wanted, '--json')).stdout);
    const report = await ofNight(tonight());
    expect(report).toMatchObject({ night: tonight(), timeZone, stoppages: [] });
    const [acme] = report.partners;
    const brisa = (await ofNight(night)).partners[1];
    expect(acme).toMatchObject({
      partner: 'acme',
      run: null,
      nextRunAt: expect.stringMatching(/^\d{4}-.*Z$/),
      expected: [],
      files: [{ id: example.fileId, kind: 'leads', state: 'read', rows: 4, waitsForRun: false }],
      outcomes: { lead: { registered: 1, in_doubt: 1, failed: 1, rejected: 1 } },
      forecast: null,
    });
    expect(brisa.expected).toMatchObject([{ kind: 'leads', files: 1, state: 'missing', arrived: [], refused: [] }]);
    expect(report.needsPerson[0]).toMatchObject({
      alarm: expect.stringMatching(/^missing:brisa:leads:/),
      isUrgent: true,
    });
  });

  it('shows another night without what belongs to this one', async () => {
    const { stdout } = await run('report', '--night', addDays(tonight(), -3));
    expect(stdout).not.toContain('4 leads');
    expect(stdout).not.toContain('under way');
  });

  it('shows a night as soon as it has begun for a partner east of us, and not before', async () => {
    const { to } = spanOfNight('2026-11-24', 'Asia/Tokyo');
    const at = async (moment: number) => {
      example.opened.nights.watch = async () => ({ ...(await watch()), now: new Date(moment) });
      return (await run('report', '--night', '2026-11-25')).code;
    };
    expect(await at(to.getTime())).toBe(2);
    partners = [aPartner(), aPartner({ id: 'kumo', timeZone: 'Asia/Tokyo' })];
    expect(await at(to.getTime() - 1)).toBe(2);
    expect(await at(to.getTime())).toBe(1);
  });

  it('ends with exit 2 for what is no date', async () => {
    const { code, stderr } = await run('report', '--night', 'yesterday');
    expect([code, stderr]).toEqual([2, 'error: --night: expected a date such as 2026-11-24; got "yesterday"']);
  });
});

describe('leadsync ack', () => {
  const act = ['--until', '4h', '--reason', 'ticket 8812'];

  it('lists the alarms by name', async () => {
    const { stdout, code } = await run('ack');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^in-doubt:acme:lead {2}RED\n {2}1 lead of acme in doubt/);
    expect(stdout).toContain('rejected:acme:lead  worth knowing');
  });

  it('makes what is known no longer red, once nothing else is', async () => {
    expect((await run('ack', 'in-doubt:acme:lead', ...act)).code).toBe(1);
    expect((await run('in-doubt')).code).toBe(0);
    const last = await run('ack', 'failed:acme:lead', ...act);
    expect(last.code).toBe(0);
    expect(last.stdout).toMatch(/^failed:acme:lead is known until \d{4}-/);
    const status = await run('status');
    expect(status.code).toBe(0);
    expect(status.stdout).toContain('Nothing needs a person.\n\nKnown already\n');
    expect(status.stdout.replaceAll(/\s+/g, ' ')).toMatch(/Known until [\d-]+ [\d:]+ by cli:test: ticket 8812/);
    const [doubt] = JSON.parse((await run('ack', '--json')).stdout);
    expect(doubt).toMatchObject({
      alarm: 'in-doubt:acme:lead',
      acknowledged: { actor: 'cli:test', reason: 'ticket 8812' },
    });
  });

  it('is news again when it is withdrawn', async () => {
    const { code } = await run('ack', 'in-doubt:acme:lead', '--withdraw', '--reason', 'ticket closed');
    expect(code).toBe(1);
    expect((await run('in-doubt')).code).toBe(1);
  });

  it.each([
    [['ack', '--until', '4h'], 'ALARM: expected the name of an alarm'],
    [['ack', 'in-doubt:acme:lead', '--reason', 'x'], 'expected one of --until, --withdraw'],
    [['ack', 'in-doubt:acme:lead', '--until', '4h'], '--reason: expected why'],
    [['ack', 'in-doubt:acme:lead', '--until', '2020-01-01', '--reason', 'x'], '--until: expected a moment to come'],
    [['ack', 'in-doubt:acme:lead', '--until', '93d', '--reason', 'x'], '--until: expected a moment to come'],
    [['ack', 'in-doubt:nobody:lead', ...act], 'ALARM: expected one of in-doubt:acme:lead, '],
    [['ack', 'in-doubt:nobody:lead', '--withdraw', '--reason', 'x'], 'was not acknowledged'],
  ])('ends with exit 2 for %j', async (args, says) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(says);
  });
});

describe('an expectation that is new', () => {
  it('is nothing that was missed before it', async () => {
    const { expected, night } = aMinuteAgo();
    await example.opened.nights.noteExpected('brisa', [keyOf(expected)]);
    partners = [aPartner({ id: 'brisa', expect: [expected] })];
    const { stdout } = await run('report', '--night', night);
    expect(stdout).not.toContain('MISSING');
    expect((await run('ack')).stdout).not.toContain('missing:');
  });
});
