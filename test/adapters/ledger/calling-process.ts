import { parseArgs } from 'node:util';
import { createCallGate } from '../../../src/adapters/ledger/call-gate.ts';
import { openDatabase } from '../../../src/adapters/ledger/database.ts';

/** A process that calls `api` as fast as its gate lets it, many calls at once, until it is ended. */
const { values } = parseArgs({
  options: {
    database: { type: 'string', default: '' },
    api: { type: 'string', default: '' },
    name: { type: 'string', default: '' },
    concurrency: { type: 'string', default: '1' },
  },
});
const gate = createCallGate({
  db: openDatabase(values.database, 2).db,
  account: 'default',
  instance: values.name,
  ratePerSecond: () => 0,
  concurrency: Number(values.concurrency),
  callMs: 300,
  timing: { leaseMs: 600, everyMs: 50, hungryMs: 20 },
});
const never = new AbortController().signal;

async function call(): Promise<never> {
  for (;;) {
    const turn = await gate.enter(never);
    await fetch(`${values.api}/${values.name}`).catch(() => undefined);
    turn.leave();
  }
}

for (let n = 0; n < 12; n += 1) void call();
