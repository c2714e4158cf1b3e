import { afterAll, beforeAll, expect, it } from 'vitest';
import { createErasureLedger } from '../../src/adapters/ledger/erasures.ts';
import { createPersonIndex } from '../../src/adapters/ledger/person-index.ts';
import { beginErasure, eraseRows } from '../../src/app/erase-rows.ts';
import { pushStatusUpdate } from '../../src/app/push-status-update.ts';
import { registerLead } from '../../src/app/register-lead.ts';
import { openUpdate } from '../../src/app/row-payload.ts';
import { readPersonKeys } from '../../src/domain/person-key.ts';
import { openQueue } from '../adapters/queue/queue-under-test.ts';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { act } from './an-erasure.ts';
import { aWorkbench, delivery, type Workbench } from './a-workbench.ts';

let api: FakeLeadsApi;
let bench: Workbench;
const erasures = () => createErasureLedger(bench.db);
const register = (rowId: string) => registerLead(bench.ports, { rowId, version: 0 }, delivery(`r${rowId}-v0`));
const rowOf = (id: string) => bench.ports.ledger.row(id);

beforeAll(async () => {
  api = await startFakeLeadsApi();
  bench = await aWorkbench('suppressed', api.url);
});
afterAll(async () => {
  await bench.close();
  await api.close();
});

/** An erasure that was killed when it had been written down, before it came to a row. */
async function begun(...texts: readonly string[]): Promise<string> {
  const keys = texts.flatMap((text) => readPersonKeys(text));
  return beginErasure(
    { erasures: erasures(), vault: bench.ports.vault },
    { traces: { keys, names: [] }, rows: [] },
    act,
  );
}

const finish = () =>
  eraseRows({ ...bench.ports, erasures: erasures(), persons: createPersonIndex(bench.db) }, 'leader');

it('asks nothing about whoever is on the list, though the row was read before, and leaves it to be erased', async () => {
  const [theirs, shares, nobodys] = [
    await bench.leadRow({ dni: '87654321X', phone: '612345679' }),
    await bench.leadRow({ dni: '00000002W', phone: '612345679' }),
    await bench.leadRow({ dni: '00000003A', phone: '600000003' }),
  ];
  await begun('87654321X', '612345679');
  const before = api.calls.length;
  expect(await register(theirs)).toEqual({ kind: 'done', outcome: 'suppressed' });
  expect(api.calls.length).toBe(before);
  // Every other process is kept from it, too: the ledger takes no announcement of a call.
  expect(
    await bench.ports.ledger.move({
      rowId: theirs,
      from: ['received'],
      fence: 0,
      to: null,
      begin: { attemptId: crypto.randomUUID(), step: 'check', instance: 'other' },
      audit: null,
    }),
  ).toEqual({ won: false, why: 'stopped' });
  for (const id of [shares, nobodys]) expect(await register(id)).toMatchObject({ outcome: 'registered' });
  await finish();
  expect(await rowOf(theirs)).toMatchObject({ state: 'cancelled', code: 'ROW_ERASED', erasure: '1' });
});

it('takes a phone for theirs beside any NIF where nobody knows their own', async () => {
  const theirs = await bench.leadRow({ dni: '00000004G', phone: '612345670' });
  await begun('612345670');
  expect(await register(theirs)).toMatchObject({ outcome: 'suppressed' });
});

it('pushes no status update of theirs, and keeps nothing of what it says', async () => {
  const { connection: queue } = await openQueue('postgres');
  const push = (rowId: string) =>
    pushStatusUpdate({ ...bench.ports, queue }, { rowId, version: 0 }, delivery(`r${rowId}-v0`));
  const lead = await bench.leadRow({ dni: '00000005M', phone: '600000005' });
  await register(lead);
  const leadId = (await rowOf(lead))?.leadId ?? '';
  const id = await begun('00000005M');
  await finish();
  expect(await rowOf(lead)).toMatchObject({ state: 'registered', leadId, erasure: id });
  const update = await bench.updateRow({ leadId, estado: '7' });
  expect(await push(update)).toMatchObject({ outcome: 'rejected' });
  expect(api.updates.filter((one) => one.leadId === leadId)).toEqual([]);
  await finish();
  const row = await rowOf(update);
  expect(row).toMatchObject({ state: 'rejected', code: 'ROW_SUPPRESSED', erasure: id });
  expect(row && (await openUpdate(bench.ports.vault, row))).toMatchObject({ leadId: null, observacion: '' });
  // Lifted, the lead is like any other.
  await erasures().liftSuppression(id, act);
  const later = await bench.updateRow({ leadId, estado: '8' });
  expect(await push(later)).toMatchObject({ outcome: 'pushed' });
});
