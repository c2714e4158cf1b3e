import { sql } from 'kysely';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createAccountLedger } from '../../src/adapters/ledger/accounts.ts';
import type { Stops } from '../../src/app/ports/account-ledger.ts';
import { eventually } from '../support/eventually.ts';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { runLeadsync, startLeadsync, type LeadsyncProcess } from '../support/leadsync-process.ts';
import { createInstallation, type Installation } from './installation.ts';
import { drop, leadsCsv } from './leads-file.ts';

let api: FakeLeadsApi;
let installation: Installation;
let services: readonly LeadsyncProcess[] = [];

afterEach(async () => {
  await Promise.all(services.map((service) => service.end('SIGTERM')));
  await api.close();
  await installation.remove();
});

/** Two processes on one ledger, against an API that turns everybody away until it is told otherwise. */
async function begin(label: string, how: 'reset' | number | null, rows: number): Promise<void> {
  api = await startFakeLeadsApi();
  api.turnAway(how);
  installation = await createInstallation(label, api, { LEADSYNC_QUEUE_BACKEND: 'postgres' });
  await drop(join(installation.home, 'inbox'), 'acme', 'leads.csv', leadsCsv(rows));
  const first = startLeadsync(['run'], installation.env);
  await first.ready();
  services = [first, startLeadsync(['run', '--roles', 'worker'], installation.env)];
  await services[1]?.ready();
}

function stops(): Promise<Stops> {
  return createAccountLedger(installation.database.db).stops('default');
}

interface Tally {
  readonly states: Readonly<Record<string, number>>;
  readonly attempts: number;
}

async function tally(): Promise<Tally> {
  const { rows } = await sql<{ state: string; n: number; attempts: number }>`
    select state, count(*)::int as n, sum(attempts)::int as attempts from ledger_row group by state`.execute(
    installation.database.db,
  );
  return {
    states: Object.fromEntries(rows.map(({ state, n }) => [state, n])),
    attempts: rows.reduce((sum, row) => sum + row.attempts, 0),
  };
}

function registered(rows: number): Promise<unknown> {
  return eventually(`${rows} registered`, async () => (await tally()).states['registered'] === rows);
}

const unwrapped = (text: string): string => text.replaceAll(/\s+/g, ' ');

const creates = (): number => api.calls.filter(({ path }) => path === '/alta-lead').length;

describe('while the API is down', () => {
  it('sees nothing but probes, and afterwards all rows register by themselves, slowly at first', async () => {
    const rows = 300;
    await begin('outage', 'reset', rows);
    const opened = await eventually('an open breaker', async () => {
      const { breaker } = await stops();
      return breaker.state === 'closed' ? null : breaker;
    });
    expect(opened.cause).toBe('no_answer');
    // Calls that had begun before it opened may end a moment later.
    await pause(500);
    const [before, callsBefore, failedBefore] = [await tally(), api.calls.length, (await stops()).breaker.probe.failed];
    await eventually('more probes', async () => (await stops()).breaker.probe.failed >= failedBefore + 3);
    const { failed } = (await stops()).breaker.probe;
    const calls = api.calls.slice(callsBefore);
    expect(calls.map(({ path }) => path)).toEqual(calls.map(() => '/client-data'));
    expect(calls.length).toBeGreaterThanOrEqual(3);
    // One may be under way, on either side of the look.
    expect(Math.abs(calls.length - (failed - failedBefore))).toBeLessThanOrEqual(1);
    const during = await tally();
    expect(during.attempts).toBe(before.attempts);
    expect(Object.keys(during.states).filter((state) => state !== 'received' && state !== 'waiting')).toEqual([]);

    const status = await runLeadsync(['status', '--json'], installation.env);
    expect([status.code, JSON.parse(status.stdout).breaker.cause]).toEqual([0, 'no_answer']);
    api.turnAway(null);
    const backAt = performance.now();
    await registered(rows);
    expect(api.creates.length).toBe(rows);
    expect((await stops()).breaker).toMatchObject({ state: 'closed' });

    // From one call a second to a thousand within 5 minutes, here 3 s.
    const [firstWell] = api.calls.filter(({ at }) => at >= backAt);
    const since = (at: number): number => at - (firstWell?.at ?? 0);
    const within = (from: number, to: number): number =>
      api.calls.filter(({ at }) => since(at) >= from && since(at) < to).length;
    expect(within(0, 1_000)).toBeLessThanOrEqual(15);
    expect(within(2_000, 3_000)).toBeGreaterThan(5 * within(0, 1_000));
  }, 180_000);

  it('keeps a breaker open that a person opened, until a person closes it', async () => {
    await begin('by hand', null, 1);
    await registered(1);
    const open = await runLeadsync(['breaker', '--open', '--reason', 'maintenance'], installation.env);
    expect(unwrapped(open.stdout)).toMatch(/^breaker: open since .*opened by a person \(cli:.*: maintenance\)/);
    const seen = api.calls.length;
    await drop(join(installation.home, 'inbox'), 'acme', 'leads-more.csv', leadsCsv(20, 'M-'));
    await eventually('rows', async () => (await tally()).states['received'] === 20);
    await pause(1_500);
    expect(api.calls.length).toBe(seen);
    expect((await runLeadsync(['breaker', '--close', '--reason', 'over'], installation.env)).code).toBe(0);
    await registered(21);
  }, 180_000);
});

describe('while our credentials are refused', () => {
  it('lets one row a time probe, with growing pauses, though all rows are queued; resume lets all go on', async () => {
    const rows = 500;
    await begin('halted', 401, rows);
    await eventually('a halt', async () => (await stops()).halts.length > 0);
    await pause(500);
    const seen = api.calls.length;
    await eventually('three more probes', async () => api.calls.length >= seen + 3);
    const probes = api.calls.slice(seen);
    // The n-th pause is 15 s × 2^n, here a hundredth of it.
    const gaps = probes.slice(1).map(({ at }, index) => at - (probes[index]?.at ?? 0));
    expect(gaps.filter((gap) => gap < 290)).toEqual([]);
    expect((await tally()).attempts).toBe(0);
    expect(creates()).toBe(0);

    const status = await runLeadsync(['status'], installation.env);
    expect(status.code).toBe(1);
    expect(status.stdout).toContain('halted: clientData since');
    expect(status.stdout).toContain('leadsync resume --reason');
    api.turnAway(null);
    const resumed = await runLeadsync(['resume', '--reason', 'the password is renewed'], installation.env);
    expect(resumed.stdout).toMatch(/^work goes on: 0 pauses and 1 halt ended/);
    await registered(rows);
  }, 180_000);

  it('asks again after a start with other settings', async () => {
    await begin('other settings', 401, 5);
    await eventually('a halt', async () => (await stops()).halts.length > 0);
    await Promise.all(services.map((service) => service.end('SIGTERM')));
    api.turnAway(null);
    const mended = { ...installation.env, LEADS_API_CONTACT: 'it@example.com' };
    services = [startLeadsync(['run'], mended)];
    await services[0]?.ready();
    expect((await stops()).halts).toEqual([]);
    await registered(5);
  }, 180_000);
});

describe('a paused partner', () => {
  it('sends nothing from a second later, while its files are read, and goes on within a second', async () => {
    api = await startFakeLeadsApi();
    installation = await createInstallation('paused', api, {
      LEADSYNC_QUEUE_BACKEND: 'postgres',
      LEADS_API_RATE_PER_SECOND: '50',
    });
    await drop(join(installation.home, 'inbox'), 'acme', 'leads.csv', leadsCsv(400));
    services = [
      startLeadsync(['run'], installation.env),
      startLeadsync(['run', '--roles', 'worker'], installation.env),
    ];
    await api.seen(20);
    const paused = await runLeadsync(['pause', 'acme', '--reason', 'wrong ramo'], installation.env);
    expect(paused.stdout).toContain('work of acme is paused; `leadsync resume acme --reason "…"`');
    await pause(1_000);
    const seen = api.calls.length;
    await drop(join(installation.home, 'inbox'), 'acme', 'leads-2.csv', leadsCsv(3, 'S-'));
    await eventually('the second file read', async () => {
      const { stdout } = await runLeadsync(['status', '--json'], installation.env);
      const status = JSON.parse(stdout);
      return status.files.filter((file: { state: string }) => file.state === 'read').length === 2;
    });
    expect(api.calls.length).toBe(seen);
    const shown = unwrapped((await runLeadsync(['status'], installation.env)).stdout);
    expect(shown).toContain('wrong ramo. Files are read; rows stay due.');
    expect((await runLeadsync(['pause', 'nobody', '--reason', 'x'], installation.env)).code).toBe(2);

    await runLeadsync(['resume', 'acme', '--reason', 'corrected'], installation.env);
    const resumedAt = performance.now();
    await eventually('calls', async () => api.calls.length > seen, 5_000);
    expect(performance.now() - resumedAt).toBeLessThan(1_500);
  }, 180_000);
});
