import { afterAll, beforeAll, expect, it } from 'vitest';
import { pushStatusUpdate, type PushPorts } from '../../src/app/push-status-update.ts';
import { registerLead } from '../../src/app/register-lead.ts';
import { openQueue } from '../adapters/queue/queue-under-test.ts';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { aWorkbench, delivery, type Workbench } from './a-workbench.ts';

let api: FakeLeadsApi;
let bench: Workbench;

beforeAll(async () => {
  api = await startFakeLeadsApi();
  bench = await aWorkbench('push', api.url);
});
afterAll(async () => {
  await bench.close();
  await api.close();
});

const push = (ports: PushPorts, rowId: string) =>
  pushStatusUpdate(ports, { rowId, version: 0 }, delivery(`r${rowId}-v0`));

it('an update that is dated before one already sent is superseded: the newer state stays', async () => {
  const lead = await bench.leadRow();
  await registerLead(bench.ports, { rowId: lead, version: 0 }, delivery(`r${lead}-v0`));
  const leadId = (await bench.ports.ledger.row(lead))?.leadId ?? '';
  const ports: PushPorts = { ...bench.ports, queue: (await openQueue('postgres')).connection };

  const newer = await bench.updateRow({ leadId, estado: '7', orderKey: '2026-11-05T00:00:00.000' });
  expect(await push(ports, newer)).toEqual({ kind: 'done', outcome: 'pushed' });
  const older = await bench.updateRow({ leadId, estado: '5', orderKey: '2026-11-03T00:00:00.000' });
  expect(await push(ports, older)).toEqual({ kind: 'done', outcome: 'superseded' });

  expect(await bench.ports.ledger.row(older)).toMatchObject({ state: 'superseded', code: 'ROW_UPDATE_OVERTAKEN' });
  expect(api.updates).toEqual([{ leadId, estado: '7' }]);
});
