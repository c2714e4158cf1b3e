import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAnnounced } from '../../../src/adapters/ledger/announced.ts';
import { openDatabase } from '../../../src/adapters/ledger/database.ts';
import { createLedger } from '../../../src/adapters/ledger/ledger.ts';
import { createRollCall } from '../../../src/adapters/ledger/roll-call.ts';
import type { LedgerRow } from '../../../src/app/ports/row.ts';
import type { RowMoves } from '../../../src/app/ports/row-moves.ts';
import type { RollCall } from '../../../src/app/ports/roll-call.ts';
import { defaultAccount } from '../../../src/domain/account.ts';
import { createLedgerDatabase, createTestDatabase } from '../../support/database.ts';
import { aLedger, actor, moveOf, type TestLedger } from './a-ledger.ts';

let the: TestLedger;
let north: Host;
let south: Host;

beforeEach(async () => {
  the = await aLedger('roll call');
  north = aHost('north');
  south = aHost('south');
});
afterEach(() => the.close());

interface Host {
  readonly spool: string;
  readonly host: string;
  readonly rollCall: RollCall;
  /** It has compared its spool with the ledger as it is now. */
  looks(): Promise<void>;
  /** Announces the create of a row of its own. False: calls are stopped. */
  announces(): Promise<boolean>;
}

/** One service of a host that has a spool of its own. */
function aHost(host: string): Host {
  const spool = randomUUID();
  const announced = createAnnounced();
  announced.speakFor(spool);
  const ledger = createLedger(the.db, the.db, announced);
  const rollCall = createRollCall(the.db, `${host}-1`);
  return {
    spool,
    host,
    rollCall,
    looks: async () => rollCall.answer(await rollCall.era(), { spool, host }),
    async announces() {
      const file = await the.reading();
      await ledger.insertRows(file, [the.newRow(2)], 2, actor);
      await ledger.finishReading(file.id, actor);
      return begins(ledger, await the.rowOf(file, 2));
    },
  };
}

/** False: calls are stopped. */
async function begins(ledger: RowMoves, row: LedgerRow): Promise<boolean> {
  const begin = { attemptId: randomUUID(), step: 'create', instance: 'worker-1' } as const;
  const result = await ledger.move(moveOf(row, null, { begin }));
  if (!result.won) expect(result.why).toBe('stopped');
  return result.won;
}

const awaited = async () => (await the.ledger.stops(defaultAccount)).rollCall?.hosts;

/** The tables are others than before, as after a backup was brought back. */
const beginAnew = () => sql`vacuum full attempt`.execute(the.owner);

/** What a backup from before its first look lacks. */
const forget = ({ spool }: Host) => sql`delete from host_spool where spool = ${spool}`.execute(the.owner);

const makeOlder = (seconds: number) =>
  sql`update roll_call set called_at = called_at - make_interval(secs => ${seconds})`.execute(the.owner);

describe('a ledger that has begun anew', () => {
  beforeEach(async () => {
    await north.looks();
    await south.looks();
    await north.looks();
  });

  it('takes no announcement before every host that was there has compared its spool', async () => {
    expect(await north.announces()).toBe(true);
    expect(await awaited()).toBeUndefined();
    await beginAnew();
    expect(await north.announces()).toBe(false);
    expect(await awaited()).toEqual([]);
    expect(await north.rollCall.isAnswered()).toBe(false);
    await north.looks();
    expect(await north.rollCall.isAnswered()).toBe(true);
    expect(await awaited()).toEqual(['south']);
    expect(await north.announces()).toBe(false);
    await south.looks();
    expect(await awaited()).toBeUndefined();
    expect([await north.announces(), await south.announces()]).toEqual([true, true]);
  });

  it('waits for a host that the backup does not know, where another has seen it', async () => {
    await beginAnew();
    await forget(south);
    await north.looks();
    expect(await awaited()).toEqual(['south']);
    expect(await north.announces()).toBe(false);
    await south.looks();
    expect(await north.announces()).toBe(true);
  });

  it('waits for a host that the backup knows and the present services have never seen', async () => {
    const east = aHost('east');
    await beginAnew();
    await east.looks();
    expect(await awaited()).toEqual(['north', 'south']);
    await south.looks();
    expect(await east.announces()).toBe(false);
    await north.looks();
    expect(await east.announces()).toBe(true);
  });

  it('takes nothing of a host that has not compared its own', async () => {
    const east = aHost('east');
    await beginAnew();
    await north.looks();
    await south.looks();
    expect(await awaited()).toBeUndefined();
    expect(await east.announces()).toBe(false);
    await east.looks();
    expect(await east.announces()).toBe(true);
  });

  it('does not count what was compared with the ledger before', async () => {
    const before = await north.rollCall.era();
    await beginAnew();
    await south.looks();
    await north.rollCall.answer(before, north);
    expect(await awaited()).toEqual(['north']);
    expect(await north.rollCall.isAnswered()).toBe(false);
  });

  it('waits for no host that has left, though another has seen it before', async () => {
    await south.rollCall.leave(south.spool);
    await beginAnew();
    await north.looks();
    expect(await awaited()).toBeUndefined();
    expect(await north.announces()).toBe(true);
  });

  it('waits for a host of which one service has left and another is alive', async () => {
    await the.ledger.enrol({ id: 'south-2', host: 'south', pid: 2, roles: ['work'] });
    await south.rollCall.leave(south.spool);
    await beginAnew();
    await north.looks();
    expect(await awaited()).toEqual(['south']);
    expect(await north.announces()).toBe(false);
  });

  it('waits for a host that is there again, though it left by a clock that was ahead', async () => {
    await south.rollCall.leave(south.spool);
    await sql`update host_spool set left_at = left_at + interval '10 minutes' where spool = ${south.spool}`.execute(
      the.owner,
    );
    await south.looks();
    await beginAnew();
    await north.looks();
    expect(await awaited()).toEqual(['south']);
  });

  it('waits no longer for a host that leaves meanwhile', async () => {
    await beginAnew();
    await north.looks();
    await south.rollCall.leave(south.spool);
    expect(await north.announces()).toBe(true);
  });

  it('waits for one that had left by the backup and was seen since', async () => {
    await sql`update host_spool set seen_at = seen_at - interval '1 hour', left_at = seen_at - interval '1 hour'
      where spool = ${south.spool}`.execute(the.owner);
    await beginAnew();
    await north.looks();
    expect(await awaited()).toEqual(['south']);
  });

  it('waits for no host that had been silent for two minutes', async () => {
    await sql`update host_spool set seen_at = seen_at - interval '121 seconds' where spool = ${south.spool}`.execute(
      the.owner,
    );
    await north.looks();
    await beginAnew();
    await north.looks();
    expect(await awaited()).toBeUndefined();
    expect(await north.announces()).toBe(true);
  });

  it('goes on without a host that does not answer for two minutes', async () => {
    await beginAnew();
    await north.looks();
    await makeOlder(119);
    expect(await north.announces()).toBe(false);
    await makeOlder(1);
    expect(await awaited()).toBeUndefined();
    expect(await north.announces()).toBe(true);
  });

  it('goes on waiting when it begins anew once more before all have answered', async () => {
    await sql`update host_spool set seen_at = seen_at - interval '1 hour'`.execute(the.owner);
    const east = aHost('east');
    await beginAnew();
    await east.looks();
    await south.looks();
    await beginAnew();
    await east.looks();
    expect(await awaited()).toEqual(['north', 'south']);
  });

  it('tells the audit log for whom it waits', async () => {
    await beginAnew();
    await north.looks();
    await south.looks();
    const { rows } = await sql<{ actor: string; hosts: readonly string[] }>`
      select actor, detail -> 'hosts' as hosts from audit_event where action = 'ledger.roll_called'`.execute(the.db);
    expect(rows).toEqual([{ actor: 'north-1', hosts: ['north', 'south'] }]);
  });
});

it('takes everything of whoever has no spool to compare', async () => {
  await north.looks();
  await beginAnew();
  const file = await the.reading();
  await the.ledger.insertRows(file, [the.newRow(2)], 2, actor);
  await the.ledger.finishReading(file.id, actor);
  expect(await begins(the.ledger, await the.rowOf(file, 2))).toBe(true);
});

it('goes on after its tables were emptied and filled again under services that have looked', async () => {
  await north.looks();
  await sql`delete from roll_call`.execute(the.owner);
  await forget(north);
  expect(await north.announces()).toBe(false);
  await north.looks();
  expect(await north.announces()).toBe(true);
});

it('forgets a spool that nobody has named for a month', async () => {
  await south.looks();
  await sql`update host_spool set seen_at = seen_at - interval '31 days'`.execute(the.owner);
  await north.looks();
  expect((await sql`select spool from host_spool`.execute(the.db)).rows).toEqual([{ spool: north.spool }]);
});

describe('an era', () => {
  it('is the same for all, and over when the server is started', async () => {
    const era = await north.rollCall.era();
    expect(await south.rollCall.era()).toBe(era);
    const { rows } = await sql<{ at: string }>`
      select extract(epoch from pg_postmaster_start_time())::text as at`.execute(the.db);
    expect(era.split('.').slice(0, 2).join('.')).toBe(rows[0]?.at);
  });

  it('is not that of a copy of its database', async () => {
    const original = await createLedgerDatabase('era');
    const copy = await createTestDatabase('era of a copy', new URL(original.url).pathname.slice(1));
    const opened = [original, copy].map(({ url }) => openDatabase(url));
    const eras = await Promise.all(opened.map(({ db }) => createRollCall(db, 'north-1').era()));
    expect(eras[0]).not.toBe(eras[1]);
    await Promise.all(opened.map(({ close }) => close()));
    await Promise.all([original.drop(), copy.drop()]);
  });
});

it('lets hosts answer at once', async () => {
  const hosts = Array.from({ length: 8 }, (_, at) => aHost(`host ${at}`));
  await Promise.all(hosts.map((host) => host.looks()));
  await Promise.all(hosts.map((host) => host.looks()));
  await beginAnew();
  await Promise.all(hosts.map((host) => host.looks()));
  expect(await awaited()).toBeUndefined();
  for (const host of hosts) expect(await host.announces()).toBe(true);
});
