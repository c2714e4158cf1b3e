import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createCallGate } from '../../../src/adapters/ledger/call-gate.ts';
import { openDatabase } from '../../../src/adapters/ledger/database.ts';
import { createTransport } from '../../../src/adapters/leads-api/transport.ts';
import { startSendBudget } from '../../../src/app/send-budget.ts';
import { systemClock } from '../../../src/main/system-clock.ts';

/** A process that calls `api` as fast as its gate lets it, many calls at once, until it is ended. */
const { values } = parseArgs({
  options: {
    database: { type: 'string', default: '' },
    api: { type: 'string', default: '' },
    name: { type: 'string', default: '' },
    concurrency: { type: 'string', default: '1' },
  },
});
/** As the service does: a process that froze between entering and writing sends nothing when it wakes. */
const sendBudgetMs = 200;
const deadlineMs = 200;
const transport = createTransport({ url: values.api, connections: 12, timeoutMs: deadlineMs });
const gate = createCallGate({
  db: openDatabase(values.database, { max: 2 }).db,
  account: 'default',
  instance: values.name,
  ratePerSecond: () => 0,
  concurrency: Number(values.concurrency),
  sendBudgetMs,
  timeoutMs: deadlineMs,
  timing: { leaseMs: 600, everyMs: 50, hungryMs: 20 },
});
const never = new AbortController().signal;

async function call(): Promise<never> {
  for (;;) {
    const turn = await gate.enter(never);
    const { maySend } = startSendBudget(systemClock, sendBudgetMs);
    // As long as an intent takes.
    await pause(10);
    if (await turn.begin(sendBudgetMs, never)) {
      const signal = AbortSignal.timeout(deadlineMs);
      await transport.send({ method: 'GET', path: `/${values.name}`, headers: {}, body: null, maySend, signal });
    }
    turn.leave();
  }
}

for (let n = 0; n < 12; n += 1) void call();
