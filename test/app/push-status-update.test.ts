import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pushStatusUpdate, type PushPorts } from '../../src/app/push-status-update.ts';
import { registerLead } from '../../src/app/register-lead.ts';
import { sweepOrphans } from '../../src/app/sweep.ts';
import type { RowMove } from '../../src/app/ports/row-moves.ts';
import type { Partner } from '../../src/domain/partner.ts';
import { kinds, openQueue } from '../adapters/queue/queue-under-test.ts';
import { aPartner } from '../domain/a-partner.ts';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { aWorkbench, delivery, type Workbench } from './a-workbench.ts';

let api: FakeLeadsApi;
let bench: Workbench;
/** What the API does instead of carrying the next update out and answering; once each. */
const instead: ((response: ServerResponse) => void)[] = [];

beforeAll(async () => {
  api = await startFakeLeadsApi((path, _body, response) => {
    const act = path === '/update-lead' ? instead.shift() : undefined;
    act?.(response);
    return act !== undefined;
  });
  bench = await aWorkbench('push', api.url);
});
afterAll(async () => {
  await bench.close();
  await api.close();
});
beforeEach(() => {
  instead.length = 0;
});

async function push(rowId: string, over: Partial<PushPorts> = {}): Promise<string> {
  const { connection: queue } = await openQueue(kinds[0] ?? 'postgres');
  const end = await pushStatusUpdate(
    { ...bench.ports, queue, ...over },
    { rowId, version: 0 },
    delivery(`r${rowId}-v0`),
  );
  return end.kind === 'done' ? end.outcome : end.kind;
}

async function registered(): Promise<string> {
  const lead = await bench.leadRow();
  await registerLead(bench.ports, { rowId: lead, version: 0 }, delivery(`r${lead}-v0`));
  return (await bench.ports.ledger.row(lead))?.leadId ?? '';
}

const look = (id: string) => bench.ports.ledger.row(id);
const sentTo = (leadId: string) => api.updates.filter((update) => update.leadId === leadId).map(({ estado }) => estado);
const quiet = (quietPeriodMs: number) => ({ settings: { ...bench.ports.settings, quietPeriodMs } });
const config = (updates: Partial<Partner['updates']>) => {
  const partner = aPartner({ updates: { ...aPartner().updates, ...updates } });
  return { partners: { get: () => partner, list: () => [partner], isBroken: () => false } };
};

it('an update that is dated before one already sent is superseded: the newer state stays', async () => {
  const leadId = await registered();
  const newer = await bench.updateRow({ leadId, estado: '7', orderKey: '2026-11-05T00:00:00.000' });
  expect(await push(newer)).toBe('pushed');
  const older = await bench.updateRow({ leadId, estado: '5', orderKey: '2026-11-03T00:00:00.000' });
  expect(await push(older)).toBe('superseded');
  expect(await look(older)).toMatchObject({ state: 'superseded', code: 'ROW_UPDATE_OVERTAKEN' });
  expect(sentTo(leadId)).toEqual(['7']);
});

describe('after an update that got no clear answer', () => {
  async function twoUpdates(): Promise<readonly [string, string, string]> {
    const leadId = await registered();
    const older = await bench.updateRow({ leadId, estado: '5' });
    return [leadId, older, await bench.updateRow({ leadId, estado: '7' })];
  }

  it('the same goes again at once, and a newer one waits until nothing of it can arrive any more', async () => {
    const [leadId, older, newer] = await twoUpdates();
    instead.push((response) => response.destroy());
    expect(await push(older, quiet(600_000))).toBe('waiting');
    expect(await push(newer, quiet(600_000))).toBe('waiting');
    expect(await push(older, quiet(600_000))).toBe('pushed');
    expect(await push(newer)).toBe('waiting');
    expect(await look(newer)).toMatchObject({ code: 'ROW_UPDATE_HELD' });
    expect(sentTo(leadId)).toEqual(['5']);
  });

  it('a newer one goes when the quiet period is over, at the moment for which it was put off', async () => {
    const [leadId, older, newer] = await twoUpdates();
    instead.push((response) => response.destroy());
    const short = quiet(1_500);
    expect(await push(older, short)).toBe('waiting');
    expect(await push(older, short)).toBe('pushed');
    const unscaled = { settings: { ...short.settings, timeScale: 1 } };
    expect(await push(newer, unscaled)).toBe('waiting');
    const dueInMs = ((await look(newer))?.nextAt?.getTime() ?? 0) - Date.now();
    expect(dueInMs).toBeLessThanOrEqual(1_500);
    // The ledger's clock decides, so it is asked again and again, as the feeder does.
    await expect.poll(() => push(newer, unscaled), { timeout: 5_000 }).toBe('pushed');
    expect(sentTo(leadId)).toEqual(['5', '7']);
  });

  it('nothing waits where the API itself answered, whatever it said', async () => {
    const [leadId, older, newer] = await twoUpdates();
    instead.push((response) => response.writeHead(500).end('broken'));
    expect(await push(older, quiet(600_000))).toBe('waiting');
    expect(await push(older, quiet(600_000))).toBe('pushed');
    expect(await push(newer)).toBe('pushed');
    expect(sentTo(leadId)).toEqual(['5', '7']);
  });

  it('that a killed worker had announced, a newer one waits as well', async () => {
    const [, older, newer] = await twoUpdates();
    const row = await look(older);
    if (row === null) throw new Error('no row');
    await bench.ports.ledger.enrol({ id: 'killed', host: 'test', pid: 1, roles: ['worker'] });
    const lead = await bench.ports.ledger.findLead('acme', { leadId: row.leadId, partnerLeadId: null });
    await bench.ports.ledger.move({
      rowId: row.id,
      from: ['received'],
      fence: row.fence,
      to: 'pushing',
      newFence: true,
      set: { holder: 'killed', leadRow: lead.kind === 'found' ? lead.rowId : '' },
      begin: { attemptId: crypto.randomUUID(), step: 'push', instance: 'killed' },
      audit: null,
    });
    await bench.ports.ledger.drained('killed');
    const { connection: queue } = await openQueue(kinds[0] ?? 'postgres');
    const impatient = {
      ...bench.ports,
      queue,
      settings: { ...bench.ports.settings, sendBudgetMs: -5_000, callDeadlineMs: 0, quietPeriodMs: 600_000 },
    };
    await expect.poll(() => sweepOrphans(impatient)).toBe(1);
    // It goes at once and not after everything that came before.
    expect(await queue.load('push-status')).toBe(1);
    expect(await push(older)).toBe('pushed');
    expect(await push(newer)).toBe('waiting');
  });
});

describe('an answer to an update that was given up while its worker was frozen', () => {
  /** `fence`: of the request that waits for `answered`. `pushing` ends when that has been brought. */
  async function givenUp() {
    const leadId = await registered();
    const update = await bench.updateRow({ leadId, estado: '5' });
    const { promise: asked, resolve: ask } = Promise.withResolvers<ServerResponse>();
    instead.push(ask);
    const pushing = push(update);
    const response = await asked;
    const fence = (await look(update))?.fence ?? 0;
    await moved(update, 'waiting', {
      mayArriveForMs: 1,
      set: { step: 'push', code: 'API_UNAVAILABLE' },
      audit: { action: 'row.orphaned', actor: 'sweeper' },
    });
    const answered = () => response.setHeader('content-type', 'application/json').end(JSON.stringify({ leadId }));
    return { update, pushing, fence, answered };
  }
  async function moved(update: string, to: RowMove['to'], over: Partial<RowMove> = {}): Promise<void> {
    const row = await look(update);
    if (row === null) throw new Error('no row');
    const { won } = await bench.ports.ledger.move({
      rowId: update,
      from: [row.state],
      fence: row.fence,
      to,
      dueInMs: 0,
      audit: null,
      ...over,
    });
    expect(won).toBe(true);
  }
  const unavailable = (response: ServerResponse): void => void response.writeHead(503).end();

  it('ends it, and nothing is sent again', async () => {
    const { update, pushing, answered } = await givenUp();
    answered();
    expect(await pushing).toBe('pushed');
    expect(await push(update)).toBe('pushed');
    expect(await bench.ports.ledger.attempts(update)).toHaveLength(1);
  });

  it('ends it also when it was announced again, and waits once more', async () => {
    const { update, pushing, fence, answered } = await givenUp();
    instead.push(unavailable);
    expect(await push(update)).toBe('waiting');
    expect((await look(update))?.fence).toBe(fence + 1);
    answered();
    expect(await pushing).toBe('pushed');
    expect(await look(update)).toMatchObject({ state: 'pushed', code: null });
    expect((await bench.ports.ledger.history(update)).map(({ action }) => action)).toContain('row.answer_found');
  });

  it('ends nothing after a replay: others may have gone in between', async () => {
    const { update, pushing, answered } = await givenUp();
    await moved(update, 'rejected');
    await moved(update, 'received', { newFence: true, set: { replays: 1 } });
    instead.push(unavailable);
    expect(await push(update)).toBe('waiting');
    answered();
    expect(await pushing).toBe('moved_on');
    expect((await look(update))?.state).toBe('waiting');
  });
});

describe('with `coalesce`', () => {
  it('only the newest of those that wait is sent, and the others say so', async () => {
    const leadId = await registered();
    const rows = [];
    for (const estado of ['5', '6', '7']) rows.push(await bench.updateRow({ leadId, estado }));
    const outcomes = [];
    for (const row of rows) outcomes.push(await push(row, config({ coalesce: true })));
    expect(outcomes).toEqual(['superseded', 'superseded', 'pushed']);
    expect(await look(rows[0] ?? '')).toMatchObject({ code: 'ROW_UPDATE_COALESCED' });
    expect(sentTo(leadId)).toEqual(['7']);
  });

  it('one that may have been set is never left out: what turns up after it could not be told to be older', async () => {
    const leadId = await registered();
    const on = (day: number) => `2026-11-0${day}T00:00:00.000`;
    const sent = await bench.updateRow({ leadId, estado: '7', orderKey: on(5) });
    instead.push((response) => response.destroy());
    expect(await push(sent, { ...config({ coalesce: true }), ...quiet(0) })).toBe('waiting');
    const newest = await bench.updateRow({ leadId, estado: '9', orderKey: on(9) });
    const older = await bench.updateRow({ leadId, estado: '20', orderKey: on(3) });
    expect(await push(older, config({ coalesce: true }))).toBe('waiting');
    expect(await push(sent, config({ coalesce: true }))).toBe('pushed');
    expect(await push(older, config({ coalesce: true }))).toBe('superseded');
    expect(await push(newest, config({ coalesce: true }))).toBe('pushed');
    expect(sentTo(leadId)).toEqual(['7', '9']);
  });

  it('one that closes the lead is sent all the same', async () => {
    const leadId = await registered();
    const closing = await bench.updateRow({ leadId, estado: '20' });
    const after = await bench.updateRow({ leadId, estado: '5' });
    expect(await push(closing, config({ coalesce: true }))).toBe('pushed');
    expect(await push(after, config({ coalesce: true }))).toBe('rejected');
    expect(await look(after)).toMatchObject({ code: 'ROW_LEAD_CLOSED' });
    expect(sentTo(leadId)).toEqual(['20']);
  });
});

describe('an update whose lead', () => {
  it('is not registered waits, as long as the partner has patience, and is rejected then', async () => {
    const lead = await bench.leadRow();
    const row = await bench.ports.ledger.row(lead);
    const partnerLeadId = row === null ? '' : await bench.ownIdOf(row);
    const early = await bench.updateRow({ leadId: null, partnerLeadId, estado: '5' });
    expect(await push(early, config({ patienceMs: 60_000 }))).toBe('waiting');
    expect(await look(early)).toMatchObject({ code: 'ROW_LEAD_NOT_REGISTERED_YET', leadRow: lead });
    expect(await push(early, config({ patienceMs: 0 }))).toBe('rejected');
    expect(await look(early)).toMatchObject({ code: 'ROW_LEAD_STILL_NOT_REGISTERED' });
  });

  it('nobody has heard of is rejected as unknown when the patience is over', async () => {
    const early = await bench.updateRow({ leadId: null, partnerLeadId: 'never heard of', estado: '5' });
    expect(await push(early, config({ patienceMs: 60_000 }))).toBe('waiting');
    expect(await push(early, config({ patienceMs: 0 }))).toBe('rejected');
    expect(await look(early)).toMatchObject({ code: 'ROW_LEAD_UNKNOWN' });
  });

  it('is named by two ids of two leads is rejected, and nothing is sent', async () => {
    const leadId = await registered();
    const mixedUp = await bench.updateRow({ leadId, partnerLeadId: 'of another', estado: '5' });
    expect(await push(mixedUp)).toBe('rejected');
    expect(await look(mixedUp)).toMatchObject({ code: 'ROW_LEAD_IDS_DISAGREE' });
    expect(sentTo(leadId)).toEqual([]);
  });

  it('is of no lead of ours goes by its leadId where the config says so, in order', async () => {
    const leadId = 'OF-ANOTHER-SYSTEM';
    const [first, second] = [
      await bench.updateRow({ leadId, estado: '5' }),
      await bench.updateRow({ leadId, estado: '20' }),
    ];
    const sends = config({ unknownLeadId: 'send' });
    expect(await push(second, sends)).toBe('waiting');
    expect(await push(first, sends)).toBe('pushed');
    expect(await push(second, sends)).toBe('pushed');
    expect(await push(await bench.updateRow({ leadId, estado: '5' }), sends)).toBe('rejected');
    expect(sentTo(leadId)).toEqual(['5', '20']);
  });
});
