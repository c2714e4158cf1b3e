import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServerResponse } from 'node:http';
import { pushStatusUpdate, type PushPorts } from '../../src/app/push-status-update.ts';
import { registerLead, type RegisterPorts } from '../../src/app/register-lead.ts';
import { createTraffic } from '../../src/app/traffic.ts';
import { openQueue } from '../adapters/queue/queue-under-test.ts';
import { apiAt } from '../adapters/leads-api/api-under-test.ts';
import { json, startRawServer, type RawServer } from '../adapters/leads-api/raw-server.ts';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { nifOf } from '../e2e/leads-file.ts';
import { aWorkbench, delivery, type Workbench } from './a-workbench.ts';

let api: FakeLeadsApi;
let bench: Workbench;
let ports: RegisterPorts;
let intercept: (path: string, response: ServerResponse) => boolean;

beforeEach(async () => {
  intercept = () => false;
  api = await startFakeLeadsApi((path, _body, response) => intercept(path, response));
  bench = await aWorkbench('outage', api.url);
  ports = aProcess();
});
afterEach(async () => {
  await bench.close();
  await api.close();
});

/** A process with its own view of what goes and its own counts; its pauses are those of real life. */
function aProcess(more: Partial<RegisterPorts> = {}): RegisterPorts {
  const own = { ...bench.ports, settings: { ...bench.ports.settings, timeScale: 1 }, ...more };
  return { ...own, traffic: createTraffic(own, { account: 'default', settings: 'test' }) };
}

async function rowOf(id: string) {
  const row = await bench.ports.ledger.row(id);
  if (row === null) throw new Error('no such row');
  return row;
}

/** Delivers a row's job as it is now; answers how it ended. */
async function work(id: string, by = ports): Promise<string> {
  const { version } = await rowOf(id);
  const end = await registerLead(by, { rowId: id, version }, delivery(`r${id}-v${version}`));
  return end.kind === 'done' ? end.outcome : end.code;
}

async function leads(many: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < many; n += 1) ids.push(await bench.leadRow({ dni: nifOf(ids.length + 1) }));
  return ids;
}

const breaker = async () => (await bench.ports.ledger.stops('default')).breaker;
const paths = (from: number) => api.calls.slice(from).map(({ path }) => path);

/** Opens the breaker as ten lost calls do, and lets another process see that it is open. */
async function anOutage(): Promise<void> {
  api.turnAway('reset');
  for (const id of await leads(4)) await work(id);
  expect(await breaker()).toMatchObject({ state: 'open', cause: 'no_answer', actor: ports.instance });
  ports = aProcess();
}

function probeIsDue(agoMs = 0): Promise<unknown> {
  const due = sql`update api_account set probe_at = clock_timestamp() - ${agoMs}::float8 * interval '1 millisecond'`;
  ports = aProcess();
  return due.execute(bench.db);
}

describe('in an outage', () => {
  it('ten lost calls open the breaker, and then nothing goes, of any process; rows stay as they are', async () => {
    await anOutage();
    expect(api.calls.length).toBe(10);
    const ids = await leads(5);
    expect(await Promise.all(ids.map((id, n) => work(id, n < 3 ? ports : aProcess())))).toEqual(
      ids.map(() => 'stopped'),
    );
    for (const id of ids) expect(await rowOf(id)).toMatchObject({ state: 'received', version: 0, attempts: 0 });
    expect(api.calls.length).toBe(10);
  });

  it('a row that waits is not woken', async () => {
    const id = await bench.leadRow();
    api.turnAway(503);
    expect(await work(id)).toBe('waiting');
    await anOutage();
    const before = await rowOf(id);
    expect(await work(id)).toBe('stopped');
    expect(await rowOf(id)).toMatchObject({ state: 'waiting', version: before.version, attempts: before.attempts });
  });

  it('the probe is one call of one row, however many are due, and uses no try', async () => {
    await anOutage();
    await probeIsDue();
    const seen = api.calls.length;
    const ids = await leads(6);
    const ends = await Promise.all(ids.map((id, n) => work(id, n < 3 ? ports : aProcess())));
    expect(ends.toSorted()).toEqual(['stopped', 'stopped', 'stopped', 'stopped', 'stopped', 'waiting']);
    expect(paths(seen)).toEqual(['/client-data']);
    expect(await breaker()).toMatchObject({ state: 'open', cause: 'no_answer', probe: { failed: 1, row: null } });
    expect((await breaker()).probe.inMs).toBeGreaterThan(9_000);
    for (const id of ids) expect((await rowOf(id)).attempts).toBe(0);
  });

  it('a proper answer to the probe closes it, and the probe goes on to its create', async () => {
    await anOutage();
    await probeIsDue();
    api.turnAway(null);
    const [id = '', other = ''] = await leads(2);
    expect(await work(id)).toBe('registered');
    expect(await breaker()).toMatchObject({ state: 'closed', cause: null });
    expect(ports.traffic.ratePerSecond()).toBeGreaterThanOrEqual(1);
    expect(ports.traffic.ratePerSecond()).toBeLessThan(1.5);
    expect(await work(other)).toBe('registered');
  });

  it('a create is never the probe: its client check is asked again first', async () => {
    const [id = ''] = await leads(1);
    intercept = (path, response) => {
      if (path !== '/client-data') return false;
      // By the time that the check is answered the outage has begun.
      void open().then(() => response.end(checked));
      return true;
    };
    const checked = JSON.stringify({ status: 'OK', client: false, partnerManage: true, agentId: '0051245' });
    const open = () =>
      sql`update api_account set breaker = 'open', cause = 'ko', since = clock_timestamp(),
      version = version + 1, probe_at = clock_timestamp() + interval '1 hour'`.execute(bench.db);
    expect(await work(id)).toBe('stopped');
    expect((await rowOf(id)).state).toBe('checked');
    await probeIsDue();
    intercept = () => false;
    const seen = api.calls.length;
    expect(await work(id)).toBe('registered');
    expect(paths(seen)).toEqual(['/client-data', '/alta-lead']);
    const history = await bench.ports.ledger.history(id);
    expect(history.map(({ action }) => action)).toContain('row.check_as_probe');
  });

  it('an update is the probe only where no client check has taken it for a while', async () => {
    const [id = ''] = await leads(1);
    await work(id);
    const { leadId } = await rowOf(id);
    await anOutage();
    const update = await bench.updateRow({ leadId: leadId ?? '', estado: '7', orderKey: '2026-11-05T00:00:00.000' });
    const { connection: queue } = await openQueue('postgres');
    const push = async (): Promise<string> => {
      const by: PushPorts = { ...ports, queue };
      const end = await pushStatusUpdate(by, { rowId: update, version: 0 }, delivery(`r${update}-v0`));
      return end.kind === 'done' ? end.outcome : end.code;
    };
    await probeIsDue();
    expect(await push()).toBe('stopped');
    await probeIsDue(6_000);
    api.turnAway(null);
    expect(await push()).toBe('pushed');
    expect((await breaker()).state).toBe('closed');
  });

  it('a probe that its row did not use goes to another at once', async () => {
    await anOutage();
    await probeIsDue();
    const [id = ''] = await leads(1);
    const broken = aProcess({ gate: { enter: () => Promise.reject(new Error('the ledger is away')) } });
    await expect(work(id, broken)).rejects.toThrow('the ledger is away');
    expect(await breaker()).toMatchObject({ state: 'open', probe: { row: null, failed: 0 } });
    expect((await breaker()).probe.inMs).toBeLessThanOrEqual(0);
  });
});

it('calls nobody while a ledger that has begun anew waits for a host', async () => {
  const [id = ''] = await leads(1);
  const own = {
    ...ports,
    ledger: {
      ...ports.ledger,
      stops: async (account: string) => ({
        ...(await ports.ledger.stops(account)),
        rollCall: { since: new Date(), until: new Date(), hosts: ['north'] },
      }),
    },
  };
  const before = api.calls.length;
  expect(await work(id, { ...own, traffic: createTraffic(own, { account: 'default', settings: 'test' }) })).toBe(
    'stopped',
  );
  expect(paths(before)).toEqual([]);
  expect(await work(id)).toBe('registered');
});

describe('what else is an outage', () => {
  it('KO about ten people in a row; the tenth uses no try', async () => {
    intercept = (path, response) => {
      if (path !== '/client-data') return false;
      response.end(JSON.stringify({ status: 'KO', message: 'incident' }));
      return true;
    };
    const ids = await leads(11);
    const ends: string[] = [];
    for (const id of ids) ends.push(await work(id));
    expect(ends).toEqual([...ids.slice(1).map(() => 'waiting'), 'stopped']);
    const attempts = await Promise.all(ids.map(async (id) => (await rowOf(id)).attempts));
    expect(attempts).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0]);
    expect((await breaker()).cause).toBe('ko');
  });

  it('a token endpoint that is away: nothing reaches the API, no row uses a try beyond the first ten calls', async () => {
    const tokens: RawServer = await startRawServer((socket) =>
      socket.write(json({ access_token: 't', expires_in: 60 })),
    );
    const { url } = tokens;
    await tokens.close();
    const auth = { kind: 'oauth2', tokenUrl: `${url}/token`, clientId: 'id', clientSecret: 's' } as const;
    const client = apiAt(api.url, { auth, timeoutMs: 2_000 });
    const locked = aProcess({ api: client });
    const ids = await leads(6);
    const ends = await Promise.all(ids.slice(0, 4).map((id) => work(id, locked)));
    expect(ends).toContain('waiting');
    expect(await breaker()).toMatchObject({ state: 'open', cause: 'unreached' });
    expect(await work(ids[5] ?? '', locked)).toBe('stopped');
    expect(api.calls).toEqual([]);
    await client.close();
  });

  it('requests that were too old to be sent, twenty in a row: a ledger that is far too slow', async () => {
    const slow = aProcess();
    const late = { ...slow, settings: { ...slow.settings, sendBudgetMs: -1 } };
    const ids = await leads(21);
    for (const id of ids.slice(0, 20)) await work(id, late);
    expect(api.calls).toEqual([]);
    expect((await breaker()).cause).toBe('withheld');
    expect((await rowOf(ids[19] ?? '')).attempts).toBe(0);
    expect(await work(ids[20] ?? '', late)).toBe('stopped');
  });

  it('none for want of a place: calls that take long are no outage', async () => {
    const full = aProcess({ gate: { enter: async () => ({ begin: async () => false, leave: () => undefined }) } });
    for (const id of await leads(21)) await work(id, full);
    expect(api.calls).toEqual([]);
    expect((await breaker()).state).toBe('closed');
  });

  it('none at shutdown: what a process keeps back as it ends says nothing of the API', async () => {
    const ending = new AbortController();
    ending.abort();
    const leaving = aProcess({ ending: ending.signal });
    for (const id of await leads(1)) {
      const row = await rowOf(id);
      const outcome = { kind: 'not_sent', code: 'API_NOT_SENT', withheld: true } as const;
      const result = { outcome, evidence: 'never_written', httpStatus: null } as const;
      for (let n = 0; n < 30; n += 1)
        await leaving.traffic.ended({ row, endpoint: 'altaLead', subject: '', result }).tell();
    }
    expect((await breaker()).state).toBe('closed');
  });
});
