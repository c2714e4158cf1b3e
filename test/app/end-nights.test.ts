import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { createDeliveryLedger } from '../../src/adapters/ledger/deliveries.ts';
import { createDeliverer, type Teller } from '../../src/app/deliver.ts';
import { createNightEnds, nightToEnd } from '../../src/app/end-nights.ts';
import type { ClaimedDelivery, DeliveryLedger } from '../../src/app/ports/delivery-ledger.ts';
import { deliveryLimits } from '../../src/domain/delivery.ts';
import { aLedger, type TestLedger } from '../adapters/ledger/a-ledger.ts';
import { aPartner } from '../domain/a-partner.ts';

let the: TestLedger;
let ledger: DeliveryLedger;
/** What the clock of the database is taken to show. */
let now: Date;

beforeAll(async () => {
  the = await aLedger('end nights');
  ledger = createDeliveryLedger(the.db);
});
afterAll(() => the.close());
beforeEach(async () => {
  await sql`truncate night_end, delivery, delivery_target`.execute(the.owner);
});

const partners = [aPartner(), aPartner({ id: 'brisa', results: { ...aPartner().results, summary: true } })];

const { signal: stopping } = new AbortController();

const clock = { monotonicMs: () => 0, wallMs: () => 0, random: () => 0, newId: () => '' };

/** One look of a leader that has never looked before. */
async function look(moment: string, instance = 'leader'): Promise<void> {
  now = new Date(moment);
  const ends = createNightEnds(
    {
      clock,
      instance,
      log: { event: () => undefined },
      partners: { get: () => null, list: () => partners, isBroken: () => false },
      deliveries: { ...ledger, lastNight: async () => ({ ...(await ledger.lastNight()), now }) },
      settings: { timeZone: 'Europe/Madrid' },
    },
    {
      at: '08:00',
      targets: [
        { channel: 'file', recipient: null },
        { channel: 'email', recipient: null },
      ],
      summarise: async (night) => ({ night, n: 7 }),
    },
  );
  await ends.tick();
}

const told = async () =>
  (await ledger.deliveries({ limit: 100 }))
    .toReversed()
    .map(({ night, channel, recipient }) => [night, channel, recipient]);

const morning = '2026-11-24T07:00:00Z';

describe('the end of a night', () => {
  it('comes at its hour, once, whoever leads, with a delivery for each who is to be told', async () => {
    await look('2026-11-23T20:00:00Z');
    await look('2026-11-24T06:59:59Z');
    expect(await told()).toEqual([]);
    await Promise.all([look(morning), look(morning, 'another')]);
    await look('2026-11-24T12:00:00Z');
    expect(await told()).toEqual([
      ['2026-11-24', 'file', null],
      ['2026-11-24', 'email', null],
      ['2026-11-24', 'file', 'brisa'],
    ]);
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from audit_event where action = 'night.ended' and detail ->> 'night' = '2026-11-24'`.execute(
      the.db,
    );
    expect(rows).toEqual([{ n: 1 }]);
  });

  it('is made up for by the last of the nights that were missed', async () => {
    await look('2026-11-20T20:00:00Z');
    await look('2026-11-24T15:00:00Z');
    expect(new Set((await told()).map(([night]) => night))).toEqual(new Set(['2026-11-24']));
  });

  it('of a ledger that is new is told to nobody', async () => {
    await look('2026-11-24T15:00:00Z');
    await look('2026-11-25T06:00:00Z');
    expect(await told()).toEqual([]);
  });

  it.each([
    ['2026-03-29T05:59:59Z', '2026-03-28'],
    ['2026-03-29T06:00:00Z', '2026-03-29'],
    ['2026-10-25T06:59:59Z', '2026-10-24'],
    ['2026-10-25T07:00:00Z', '2026-10-25'],
  ])('at %s, where the clocks change, is that of %s', (moment, night) => {
    expect(nightToEnd(new Date(moment), '08:00', 'Europe/Madrid')).toBe(night);
  });
});

describe('a delivery', () => {
  const seen: ClaimedDelivery[] = [];
  beforeEach(async () => {
    seen.length = 0;
    await look('2026-11-23T20:00:00Z');
    await look(morning);
  });

  async function deliver(email: Teller): Promise<void> {
    const errors: unknown[] = [];
    const deliverer = createDeliverer(
      {
        clock,
        instance: 'leader',
        log: { event: () => undefined },
        stopping,
        deliveries: ledger,
        settings: { timeScale: 1 },
      },
      { email },
      (error) => errors.push(error),
    );
    await deliverer.tick();
    await deliverer.idle();
    expect(errors).toEqual([]);
  }

  const down: Teller = async (delivery) => {
    seen.push(delivery);
    return { kind: 'failed', code: 'DELIVERY_UNREACHABLE', httpStatus: null, retryAfterMs: null };
  };
  const up: Teller = async (delivery) => {
    seen.push(delivery);
    return { kind: 'delivered' };
  };
  const mail = async () => (await ledger.deliveries({ limit: 10 })).find(({ channel }) => channel === 'email');
  const makeDue = () => sql`update delivery set next_at = clock_timestamp() where state = 'pending'`.execute(the.db);

  it('brings what was so when the night ended, and is over when it has arrived', async () => {
    await deliver(up);
    await deliver(up);
    expect(seen.map(({ payload }) => payload)).toEqual([{ night: '2026-11-24', n: 7 }]);
    expect(await mail()).toMatchObject({ state: 'delivered', tries: 1, code: null });
    expect(await ledger.troubles()).toEqual([]);
  });

  it('waits longer after each try, and says since when and why it does not arrive', async () => {
    await deliver(down);
    const first = await mail();
    expect(first).toMatchObject({ state: 'pending', tries: 1, code: 'DELIVERY_UNREACHABLE' });
    await deliver(down);
    expect(seen).toHaveLength(1);
    await makeDue();
    await deliver(down);
    const waits = async (): Promise<number> => {
      const { rows } = await sql<{
        ms: number;
      }>`select extract(epoch from next_at - clock_timestamp())::float8 * 1000 as ms
        from delivery where channel = 'email'`.execute(the.db);
      return rows[0]?.ms ?? 0;
    };
    // Half of 10 s, by a chance of 0.
    expect(await waits()).toBeGreaterThan(4_000);
    expect(await waits()).toBeLessThan(5_001);
    expect(await ledger.troubles()).toMatchObject([{ channel: 'email', recipient: null, waiting: 1, stoppedAt: null }]);
    await makeDue();
    await deliver(up);
    expect(await mail()).toMatchObject({ state: 'delivered', tries: 3 });
    expect(await ledger.troubles()).toEqual([]);
  });

  it('is given up when it is too old, which is audited', async () => {
    const ageMs = deliveryLimits.night.maxAgeMs;
    await sql`update delivery set due_since = clock_timestamp() - ${ageMs}::float8 * interval '1 millisecond'`.execute(
      the.db,
    );
    await deliver(down);
    expect(await mail()).toMatchObject({ state: 'given_up', code: 'DELIVERY_UNREACHABLE' });
    const { rows } = await sql`select code from audit_event where action = 'delivery.given_up'`.execute(the.db);
    expect(rows).toEqual([{ code: 'DELIVERY_UNREACHABLE' }]);
  });

  it('that a process died over is taken up by another when its claim has run out, not before', async () => {
    await ledger.claimDue(['email'], 10);
    await deliver(up);
    expect(seen).toEqual([]);
    await sql`update delivery set claimed_until = clock_timestamp()`.execute(the.db);
    await deliver(up);
    expect(seen).toHaveLength(1);
    expect(await mail()).toMatchObject({ state: 'delivered', tries: 2 });
  });

  it('goes out again when a person says so', async () => {
    await deliver(up);
    const id = (await mail())?.id ?? '';
    expect(await ledger.sendAgain(id, { actor: 'cli:ana', reason: 'lost' })).toBe(true);
    await deliver(up);
    expect(seen).toHaveLength(2);
    expect(await ledger.sendAgain('999999', { actor: 'cli:ana', reason: 'lost' })).toBe(false);
  });
});
