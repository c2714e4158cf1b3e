import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ledger } from '../../src/app/ports/ledger.ts';
import { metricNames } from '../../src/console/machines/metric-names.ts';
import { aConsole, aUser, askOf, password, type TestConsole } from './a-console.ts';

const users = [aUser('prometheus', 'viewer')];

let the: TestConsole;
beforeAll(async () => {
  the = await aConsole('console metrics');
});
afterAll(() => the.close());

const scrape = async () => (await the.ask('/metrics')).body;
const valueOf = (text: string, metric: string) =>
  text
    .split('\n')
    .find((line) => line.startsWith(`${metric} `))
    ?.slice(metric.length + 1);

describe('/metrics', () => {
  it('tells what docs/console.md says, of every metric and of no other', async () => {
    const document = readFileSync(join(import.meta.dirname, '../../docs/console.md'), 'utf8');
    const documented = [...document.matchAll(/^\| `(leadsync_\w+)` \|([^|]*)\| (.*) \|$/gm)].map(([, ...cells]) =>
      cells.map((cell) => cell.trim()),
    );
    expect(documented).toEqual(
      Object.values(metricNames).map(({ name, labels, help }) => [name, labels.join(', '), help]),
    );
    const told = [...(await scrape()).matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name);
    expect(new Set(told)).toEqual(new Set(documented.map(([name]) => name)));
  });

  it('counts rows by outcome, what is in doubt and for how long, and what needs a person', async () => {
    const text = await scrape();
    expect(valueOf(text, 'leadsync_ledger_up')).toBe('1');
    for (const state of ['registered', 'in_doubt', 'failed', 'rejected'])
      expect(valueOf(text, `leadsync_rows{partner="acme",kind="lead",state="${state}"}`)).toBe('1');
    expect(valueOf(text, 'leadsync_rows_in_doubt{kind="lead"}')).toBe('1');
    expect(valueOf(text, 'leadsync_rows_in_doubt{kind="update"}')).toBe('0');
    expect(Number(valueOf(text, 'leadsync_oldest_in_doubt_age_seconds{kind="lead"}'))).toBeGreaterThan(0);
    expect(valueOf(text, 'leadsync_needs_person{urgent="true"}')).toBe('2');
    expect(valueOf(text, 'leadsync_services_alive{role="worker"}')).toBe('0');
  });

  it('tells the breaker, halts and pauses, and no more when they are over', async () => {
    const { ledger } = the.example.opened;
    const act = { actor: 'cli:eva', reason: 'test' };
    await ledger.pause(null, act);
    const during = await scrape();
    expect(valueOf(during, 'leadsync_work_paused{partner="*"}')).toBe('1');
    expect(valueOf(during, 'leadsync_breaker_state{state="closed"}')).toBe('1');
    expect(valueOf(during, 'leadsync_breaker_state{state="open"}')).toBe('0');
    await ledger.endPauses(null, act);
    expect(valueOf(await scrape(), 'leadsync_work_paused{partner="*"}')).toBeUndefined();
  });

  it('adds up the calls of all processes, and how long they took', async () => {
    const add = (seconds: number, outcome: string) =>
      the.tallies.add([
        {
          endpoint: 'altaLead',
          outcome,
          n: 1,
          ms: seconds * 1_000,
          buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, Infinity].map((le, at, all) =>
            seconds <= le && seconds > (all[at - 1] ?? -1) ? 1 : 0,
          ),
        },
      ]);
    await Promise.all([add(0.2, 'answered'), add(0.3, 'answered'), add(20, 'ambiguous'), add(0, 'withheld')]);
    const text = await scrape();
    expect(valueOf(text, 'leadsync_api_calls_total{endpoint="altaLead",outcome="answered"}')).toBe('2');
    expect(valueOf(text, 'leadsync_api_calls_total{endpoint="altaLead",outcome="withheld"}')).toBe('1');
    const duration = (le: string) =>
      valueOf(text, `leadsync_api_call_duration_seconds_bucket{endpoint="altaLead",le="${le}"}`);
    expect(['0.1', '0.25', '0.5', '15', '+Inf'].map(duration)).toEqual(['0', '1', '2', '2', '3']);
    expect(valueOf(text, 'leadsync_api_call_duration_seconds_count{endpoint="altaLead"}')).toBe('3');
    expect(Number(valueOf(text, 'leadsync_api_call_duration_seconds_sum{endpoint="altaLead"}'))).toBeCloseTo(20.5);
  });

  it('measures its own pages by route, never by address', async () => {
    await the.ask('/files/1');
    await the.ask('/nope/00000001R');
    const text = await scrape();
    expect(text).toContain(
      'leadsync_console_request_duration_seconds_count{route="/files/:id",method="GET",status="2xx"}',
    );
    expect(text).not.toContain('00000001R');
  });

  it('says that the ledger does not answer, and no old number of it', async () => {
    const broken = { counts: () => Promise.reject(new Error('gone')) } as Partial<Ledger> as Ledger;
    const answer = await askOf(the.beside({}, { ledger: broken }), '/metrics');
    expect([answer.status, valueOf(answer.body, 'leadsync_ledger_up')]).toEqual([200, '0']);
    expect(answer.body).not.toContain('leadsync_rows');
  });

  it('asks machines for a name and a password where people are asked, and judges the same password once', async () => {
    let judged = 0;
    const isRight: typeof the.ports.passwords.isRight = (given, kept) => {
      judged += 1;
      return the.ports.passwords.isRight(given, kept);
    };
    const closed = the.beside({ users }, { passwords: { isRight } });
    const statusOf = async (secret?: string) => {
      const authorization =
        secret === undefined ? undefined : `Basic ${Buffer.from(`prometheus:${secret}`).toString('base64')}`;
      return (await askOf(closed, { url: '/metrics', headers: { authorization } as never })).status;
    };
    expect(await statusOf()).toBe(401);
    expect(await statusOf('wrong')).toBe(401);
    for (let scrapes = 0; scrapes < 3; scrapes += 1) expect(await statusOf(password)).toBe(200);
    expect(judged).toBe(2);
    for (let tries = 0; tries < 5; tries += 1) expect(await statusOf(`wrong ${tries}`)).toBe(401);
    expect(await statusOf('wrong again')).toBe(429);
    for (const path of ['/healthz', '/readyz']) expect((await askOf(closed, path)).status).toBe(200);
  });
});
