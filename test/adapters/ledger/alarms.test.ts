import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAlarmLedger } from '../../../src/adapters/ledger/alarms.ts';
import type { AlarmLedger } from '../../../src/app/ports/alarm-ledger.ts';
import { aLedger, type TestLedger } from './a-ledger.ts';

let the: TestLedger;
let alarms: AlarmLedger;

beforeAll(async () => {
  the = await aLedger('alarms');
  alarms = createAlarmLedger(the.db);
});
afterAll(() => the.close());

const act = { actor: 'cli:ana', reason: 'asked, ticket 8812' };
const later = (ms: number): Date => new Date(Date.now() + ms);

it('keeps the latest acknowledgement of an alarm until its time is over, and audits each', async () => {
  const until = later(3_600_000);
  await alarms.acknowledge({ alarm: 'breaker', level: 1 }, until, act);
  await alarms.acknowledge({ alarm: 'in-doubt:acme:lead', level: 3 }, later(60_000), act);
  await alarms.acknowledge({ alarm: 'in-doubt:acme:lead', level: 5 }, until, { ...act, reason: 'again' });
  await alarms.acknowledge({ alarm: 'over', level: 1 }, later(-1), act);
  expect(await alarms.acknowledgements()).toMatchObject([
    { alarm: 'breaker', level: 1, until, actor: 'cli:ana', reason: 'asked, ticket 8812' },
    { alarm: 'in-doubt:acme:lead', level: 5, until, reason: 'again', at: expect.any(Date) },
  ]);
  const { rows } = await sql<{ says: string }>`select actor || ' ' || reason || ' ' || (detail ->> 'alarm') || ' '
    || (detail ->> 'level') as says from audit_event where action = 'alarm.acknowledged' order by seq`.execute(the.db);
  expect(rows.map(({ says }) => says)).toEqual([
    'cli:ana asked, ticket 8812 breaker 1',
    'cli:ana asked, ticket 8812 in-doubt:acme:lead 3',
    'cli:ana again in-doubt:acme:lead 5',
    'cli:ana asked, ticket 8812 over 1',
  ]);
});

it('is withdrawn once, and audited', async () => {
  await alarms.acknowledge({ alarm: 'file:7', level: 1 }, later(60_000), act);
  expect(await alarms.withdraw('file:7', act)).toBe(true);
  expect(await alarms.withdraw('file:7', act)).toBe(false);
  expect((await alarms.acknowledgements()).map(({ alarm }) => alarm)).not.toContain('file:7');
  const { rows } = await sql`select from audit_event where action = 'alarm.withdrawn'`.execute(the.db);
  expect(rows.length).toBe(1);
});
