import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFeeder } from '../../src/app/feeder.ts';
import { openQueue } from '../adapters/queue/queue-under-test.ts';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { aWorkbench, type Workbench } from './a-workbench.ts';

let api: FakeLeadsApi;
let bench: Workbench;

beforeAll(async () => {
  api = await startFakeLeadsApi();
  bench = await aWorkbench('interim', api.url);
});
afterAll(async () => {
  await bench.close();
  await api.close();
});

/** A file with one row that has moved and is still open, on which work could begin so long ago. */
async function atWorkFor(interval: string): Promise<string> {
  const rowId = await bench.leadRow();
  const fileId = (await bench.ports.ledger.row(rowId))?.fileId ?? '';
  const audit = { action: 'row.tested', actor: 'test' };
  await bench.ports.ledger.move({ rowId, from: ['received'], fence: 0, to: 'checked', dueInMs: 60_000, audit });
  await sql`update file set due_at = due_at - ${interval}::interval where id = ${fileId}`.execute(bench.db);
  return fileId;
}

it('offers an interim result of each file that is worked on for longer than its partner waits', async () => {
  const { connection, person } = await openQueue('postgres');
  const patient = { ...bench.partner, results: { ...bench.partner.results, everyMs: 30 * 60_000 } };
  let now = 0;
  const feeder = createFeeder({
    ...bench.ports,
    clock: { ...bench.ports.clock, monotonicMs: () => now },
    partners: { get: () => patient, list: () => [patient], isBroken: () => false },
    queue: connection,
    settings: { ...bench.ports.settings, timeScale: 1 },
  });
  const [long, short] = [await atWorkFor('31 minutes'), await atWorkFor('29 minutes')];
  const reportOf = (fileId: string) => person('settle-file').getJob(`f${fileId}-report`);
  await feeder.tick();
  expect((await reportOf(long))?.data).toEqual({ fileId: long });
  expect(await reportOf(short)).toBeUndefined();
  // It is looked for at the start, now and then, and not at every turn.
  const later = await atWorkFor('31 minutes');
  now += 1_000;
  await feeder.tick();
  expect(await reportOf(later)).toBeUndefined();
  now += 15_000;
  await feeder.tick();
  expect((await reportOf(later))?.data).toEqual({ fileId: later });
});
