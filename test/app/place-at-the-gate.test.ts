import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Ports } from '../../src/app/ports.ts';
import { pushStatusUpdate } from '../../src/app/push-status-update.ts';
import { registerLead } from '../../src/app/register-lead.ts';
import { kinds, openQueue } from '../adapters/queue/queue-under-test.ts';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { aWorkbench, delivery, type Workbench } from './a-workbench.ts';

let api: FakeLeadsApi;
let bench: Workbench;
let order: string[] = [];

beforeAll(async () => {
  api = await startFakeLeadsApi((path) => {
    order.push(path);
    return false;
  });
  bench = await aWorkbench('place', api.url);
});
afterAll(async () => {
  await bench.close();
  await api.close();
});

/** Says when a place is taken and given back, and when an attempt is announced, noted in the spool, and its end written. */
function watched(hasPlace = true): Pick<Ports, 'gate' | 'ledger' | 'spool'> {
  order = [];
  const { ledger } = bench.ports;
  return {
    spool: { ...bench.ports.spool, noteRequest: () => order.push('noted') },
    gate: {
      async enter() {
        order.push('in');
        let isIn = true;
        return {
          begin: async () => {
            order.push('begun');
            return hasPlace;
          },
          leave: () => {
            if (isIn) order.push('out');
            isIn = false;
          },
        };
      },
    },
    ledger: {
      ...ledger,
      move: async (move) => {
        const result = await ledger.move(move);
        order.push(move.begin === undefined ? 'written' : 'announced');
        return result;
      },
    },
  };
}

it('is entered before a lead is announced, taken for its call, and free while the answer is written', async () => {
  const rowId = await bench.leadRow();
  await registerLead({ ...bench.ports, ...watched() }, { rowId, version: 0 }, delivery(`r${rowId}-v0`));
  expect(order.splice(0, 6)).toEqual(['in', 'announced', 'begun', '/client-data', 'out', 'written']);
  // The ledger may lose what was announced: a request that waits for its place is in the spool by then.
  expect(order).toEqual(['in', 'announced', 'noted', 'begun', '/alta-lead', 'out', 'written']);
});

it('is free while the answer to a status update is written', async () => {
  const leadRow = await bench.leadRow();
  await registerLead(bench.ports, { rowId: leadRow, version: 0 }, delivery(`r${leadRow}-v0`));
  const { leadId = null } = (await bench.ports.ledger.row(leadRow)) ?? {};
  const rowId = await bench.updateRow({ leadId, estado: '10' });
  const { connection: queue } = await openQueue(kinds[0] ?? 'postgres');
  await pushStatusUpdate({ ...bench.ports, ...watched(), queue }, { rowId, version: 0 }, delivery(`r${rowId}-v0`));
  expect(order).toEqual(['in', 'announced', 'noted', 'begun', '/update-lead', 'out', 'written']);
});

it('sends nothing and uses no try where there is none in time: what was announced is taken back', async () => {
  const rowId = await bench.leadRow();
  const without = { ...bench.ports, ...watched(false) };
  await registerLead(without, { rowId, version: 0 }, delivery(`r${rowId}-v0`));
  expect(order).toEqual(['in', 'announced', 'begun', 'out', 'written']);
  expect(await bench.ports.ledger.row(rowId)).toMatchObject({ state: 'waiting', step: 'check', attempts: 0 });

  await sql`update ledger_row set state = 'checked', step = null, checked_at = clock_timestamp(), next_at = clock_timestamp(),
    client_answer = '{"partnerManage": true, "clientStatus": "1", "agenteId": "0051245", "message": null}'
    where id = ${rowId}`.execute(bench.db);
  const { version = 0 } = (await bench.ports.ledger.row(rowId)) ?? {};
  order = [];
  await registerLead(without, { rowId, version }, delivery(`r${rowId}-v${version}`));
  expect(order).toEqual(['in', 'announced', 'noted', 'begun', 'out', 'written']);
  expect(await bench.ports.ledger.row(rowId)).toMatchObject({ state: 'waiting', step: 'create', attempts: 0 });
});
