import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCallTallies } from '../../../src/adapters/ledger/call-tallies.ts';
import type { CallTotal } from '../../../src/app/ports/call-tallies.ts';
import { aLedger, type TestLedger } from './a-ledger.ts';

let the: TestLedger;
beforeAll(async () => {
  the = await aLedger('call tallies');
});
afterAll(() => the.close());

const calls = (endpoint: CallTotal['endpoint'], outcome: string, n = 1): CallTotal => ({
  endpoint,
  outcome,
  n,
  ms: n * 100,
  buckets: [0, n, 0, 0, 0, 0, 0, 0, 0, 0],
});

describe('the tallies of calls', () => {
  it('are those of all processes, in all and by the minute, however many add at once', async () => {
    const tallies = createCallTallies(the.db);
    const [one, other] = [calls('clientData', 'answered'), calls('altaLead', 'ambiguous')];
    // Each in another order: two that lock crosswise would end in a deadlock.
    await Promise.all(Array.from({ length: 20 }, (_, at) => tallies.add(at % 2 === 0 ? [one, other] : [other, one])));
    expect(await tallies.totals()).toEqual([calls('altaLead', 'ambiguous', 20), calls('clientData', 'answered', 20)]);
    const minutes = await tallies.lastMinutes(5);
    const sum = (endpoint: string) =>
      minutes.filter((one) => one.endpoint === endpoint).reduce((all, { n }) => all + n, 0);
    expect([sum('altaLead'), sum('clientData')]).toEqual([20, 20]);
    expect(minutes.every(({ minute }) => minute.getTime() % 60_000 === 0)).toBe(true);
  });

  it('are kept by the minute for two weeks, and in all for good', async () => {
    const tallies = createCallTallies(the.db);
    await sql`insert into call_minute values (now() - interval '15 days', 'clientData', 'answered', 7, 1),
      (now() - interval '13 days', 'clientData', 'answered', 7, 1)`.execute(the.db);
    await tallies.add([calls('updateLead', 'answered')]);
    const { rows } = await sql<{ days: number }>`select extract(days from now() - minute)::int as days from call_minute
      where minute < now() - interval '1 day'`.execute(the.db);
    expect(rows).toEqual([{ days: 13 }]);
    expect((await tallies.totals()).map(({ endpoint }) => endpoint)).toContain('updateLead');
  });
});
