import { afterAll, beforeAll, expect, it } from 'vitest';
import { pushStatusUpdate } from '../../src/app/push-status-update.ts';
import { registerLead } from '../../src/app/register-lead.ts';
import type { LedgerRow } from '../../src/app/ports/row.ts';
import { openQueue } from '../adapters/queue/queue-under-test.ts';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { aWorkbench, delivery, type Workbench } from './a-workbench.ts';

const act = { actor: 'cli:ana', reason: 'wait' };

let calls = 0;
let whileChecking: () => Promise<unknown> = async () => undefined;
let api: FakeLeadsApi;
let bench: Workbench;

beforeAll(async () => {
  api = await startFakeLeadsApi((path, body, response) => {
    calls += 1;
    if (path !== '/client-data') return false;
    void whileChecking().then(() => {
      const answer = { status: 'OK', nif: body['nif'], client: false, partnerManage: true, agentId: '0051245' };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    });
    return true;
  });
  bench = await aWorkbench('held row', api.url);
});
afterAll(async () => {
  await bench.close();
  await api.close();
});

async function rowOf(id: string): Promise<LedgerRow> {
  const row = await bench.ports.ledger.row(id);
  if (row === null) throw new Error(`no row ${id}`);
  return row;
}

const hold = async (rowId: string) => bench.ports.ledger.holdFile((await rowOf(rowId)).fileId ?? '', act);
const release = async (rowId: string) => bench.ports.ledger.releaseFile((await rowOf(rowId)).fileId ?? '', act);

it('asks nothing and changes nothing while its file is held, though a job of it is still in the queue', async () => {
  const rowId = await bench.leadRow();
  await hold(rowId);
  const [before, asked] = [await rowOf(rowId), calls];
  const end = await registerLead(bench.ports, { rowId, version: 0 }, delivery('late'));
  expect(end).toEqual({ kind: 'done', outcome: 'held' });
  expect(calls).toBe(asked);
  expect(await rowOf(rowId)).toMatchObject({ state: 'received', version: before.version, nextAt: before.nextAt });
  expect(await bench.ports.ledger.attempts(rowId)).toEqual([]);

  await release(rowId);
  await registerLead(bench.ports, { rowId, version: 0 }, delivery('again'));
  expect((await rowOf(rowId)).state).toBe('registered');
});

it('is refused its call at the last moment, too: the hold that comes after the look', async () => {
  const rowId = await bench.leadRow();
  await hold(rowId);
  const asked = calls;
  const { ledger } = bench.ports;
  const blind = { ...ledger, row: async (id: string) => ({ ...(await rowOf(id)), isHeldBack: false }) };
  const end = await registerLead({ ...bench.ports, ledger: blind }, { rowId, version: 0 }, delivery('blind'));
  expect(end).toEqual({ kind: 'done', outcome: 'held' });
  expect(calls).toBe(asked);
  expect(await ledger.attempts(rowId)).toEqual([]);
});

it('keeps the answer to a check that was under way, and does not create', async () => {
  const rowId = await bench.leadRow();
  whileChecking = () => hold(rowId);
  const end = await registerLead(bench.ports, { rowId, version: 0 }, delivery('caught'));
  whileChecking = async () => undefined;
  expect(end).toEqual({ kind: 'done', outcome: 'held' });
  expect(await rowOf(rowId)).toMatchObject({ state: 'checked', clientAnswer: { partnerManage: true } });
  await release(rowId);
  const asked = calls;
  await registerLead(bench.ports, { rowId, version: 1 }, delivery('goes on'));
  // The create alone: the check still counts.
  expect(calls).toBe(asked + 1);
  expect((await rowOf(rowId)).state).toBe('registered');
});

it('pushes no update of a held file', async () => {
  const leadRow = await bench.leadRow();
  await registerLead(bench.ports, { rowId: leadRow, version: 0 }, delivery('lead'));
  const leadId = (await rowOf(leadRow)).leadId ?? '';
  const rowId = await bench.updateRow({ leadId, estado: '7', orderKey: '2026-11-01T00:00:00.000' });
  await hold(rowId);
  const ports = { ...bench.ports, queue: (await openQueue('postgres')).connection };
  expect(await pushStatusUpdate(ports, { rowId, version: 0 }, delivery('u1'))).toEqual({
    kind: 'done',
    outcome: 'held',
  });
  expect(api.updates).toEqual([]);
  await release(rowId);
  await pushStatusUpdate(ports, { rowId, version: 0 }, delivery('u2'));
  expect(api.updates).toEqual([{ leadId, estado: '7' }]);
});
