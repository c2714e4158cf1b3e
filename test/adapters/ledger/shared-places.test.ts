import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { aLedger, type TestLedger } from './a-ledger.ts';

const limit = 6;
const callMs = 40;

let the: TestLedger;
let server: Server;
let processes: ChildProcess[] = [];
let inFlight = 0;
let most = 0;
/** Calls since the last look, by process. */
let calls = new Map<string, number>();

beforeAll(async () => {
  the = await aLedger('shared places');
  // What a killed process has sent is carried out all the same: it counts until it is done.
  server = createServer((request, response) => {
    const name = (request.url ?? '').slice(1);
    calls.set(name, (calls.get(name) ?? 0) + 1);
    inFlight += 1;
    most = Math.max(most, inFlight);
    setTimeout(() => {
      inFlight -= 1;
      response.end();
    }, callMs);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  for (const one of processes) one.kill('SIGKILL');
  server.closeAllConnections();
  server.close();
  await the.close();
});

function start(name: string): ChildProcess {
  const script = fileURLToPath(new URL('calling-process.ts', import.meta.url));
  const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const args = ['--database', the.url, '--api', api, '--name', name, '--concurrency', String(limit)];
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
  processes = [...processes, child];
  return child;
}

async function callsOver(ms: number): Promise<Map<string, number>> {
  calls = new Map();
  most = inFlight;
  await pause(ms);
  return calls;
}

async function allAtWork(...names: string[]): Promise<void> {
  calls = new Map();
  await eventually(names.join(), async () => names.every((name) => (calls.get(name) ?? 0) > 3));
}

it('of an account are never more than its limit, shared fairly, and come back from a process that died or froze', async () => {
  const [first] = [start('first')];
  await allAtWork('first');
  await callsOver(600);
  // Alone it has them all.
  expect(most).toBe(limit);

  const [second] = [start('second'), start('third')];
  await allAtWork('first', 'second', 'third');
  const shared = await callsOver(2_000);
  expect(most).toBe(limit);
  const sum = [...shared.values()].reduce((total, n) => total + n, 0);
  for (const [name, n] of shared) expect([name, n / sum > 0.2, n / sum < 0.47]).toEqual([name, true, true]);

  first.kill('SIGKILL');
  // What it has sent is carried out.
  await pause(10 * callMs);
  await callsOver(1_000);
  // Its places are not given away while a call of it could still be under way …
  expect(most).toBeLessThan(limit);
  await eventually('its places', async () => {
    await callsOver(300);
    return most === limit;
  });

  // … nor does one that froze for so long that its places are gone take them for its own when it wakes.
  second.kill('SIGSTOP');
  await eventually('its places', async () => {
    await callsOver(300);
    return most === limit;
  });
  most = inFlight;
  second.kill('SIGCONT');
  await allAtWork('second', 'third');
  expect(most).toBe(limit);
}, 180_000);
