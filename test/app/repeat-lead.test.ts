import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLeadsApi } from '../../src/adapters/leads-api/leads-api-client.ts';
import { registerLead, type RegisterPorts } from '../../src/app/register-lead.ts';
import { contracts } from '../../src/contract/index.ts';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { aWorkbench, delivery, type Workbench } from './a-workbench.ts';

type Reply = 'lost' | 'created' | 'refused' | 'later' | 'sandbox';

let api: FakeLeadsApi;
let bench: Workbench;
let kind: RegisterPorts;
/** What alta lead does, call by call; the last one goes on. */
let replies: Reply[] = [];
let keys: string[] = [];

beforeAll(async () => {
  api = await startFakeLeadsApi((path, _body, response) => {
    if (path !== '/alta-lead') return false;
    keys.push(String(response.req.headers['idempotency-key']));
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    const say = (status: number, body: object, headers = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    if (reply === 'lost') response.destroy();
    else if (reply === 'refused') say(422, { message: 'no' });
    else if (reply === 'later') say(429, {});
    else say(200, { leadId: `repeat-${keys.at(-1)}` }, reply === 'sandbox' ? { 'x-leads-sandbox': '1' } : {});
    return true;
  });
  bench = await aWorkbench('repeat', api.url);
  kind = { ...bench.ports, api: client({ honoursIdempotencyKey: true }) };
});
afterAll(async () => {
  await kind.api.close();
  await bench.close();
  await api.close();
});

function client(more: { honoursIdempotencyKey?: boolean; refuseSandbox?: boolean }) {
  return createLeadsApi({
    url: api.url,
    contract: contracts['1.2.5'],
    endpoints: {
      clientData: { method: 'POST', path: '/client-data' },
      altaLead: { method: 'POST', path: '/alta-lead' },
      updateLead: { method: 'POST', path: '/update-lead' },
    },
    auth: { kind: 'none' },
    headers: {},
    body: 'json',
    timeoutMs: 2_000,
    connections: 8,
    userAgent: 'test',
    ...more,
  });
}

async function rowOf(id: string) {
  const row = await bench.ports.ledger.row(id);
  if (row === null) throw new Error('no such row');
  return row;
}

/** Delivers the row's job once, as the feeder does with what is due. */
async function work(id: string, ports: RegisterPorts = kind) {
  const { version } = await rowOf(id);
  await registerLead(ports, { rowId: id, version }, delivery(`r${id}-v${version}`));
  return rowOf(id);
}

async function leadWith(...said: Reply[]): Promise<string> {
  replies = said;
  keys = [];
  return bench.leadRow();
}

/** Ten requests in a row without an answer would be an outage, and no row's fault. */
async function getAnotherThrough(): Promise<void> {
  const [said, seen] = [replies, keys];
  expect(await work(await leadWith('created'))).toMatchObject({ state: 'registered' });
  [replies, keys] = [said, seen];
}

describe('a create without an answer, where the API honours the Idempotency-Key', () => {
  it('waits and is repeated under its own key, and the lead is registered', async () => {
    const id = await leadWith('lost', 'created');
    expect(await work(id)).toMatchObject({ state: 'waiting', step: 'create', code: 'API_NO_ANSWER' });
    expect(await work(id)).toMatchObject({ state: 'registered', code: null });
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });

  it('is in doubt, not rejected, when the repeat is refused: that says nothing about the first request', async () => {
    const id = await leadWith('lost', 'refused');
    await work(id);
    expect(await work(id)).toMatchObject({ state: 'in_doubt', code: 'API_NO_ANSWER' });
  });

  it('remembers the doubt through an answer that asks to come back later', async () => {
    const id = await leadWith('lost', 'later', 'refused');
    await work(id);
    expect(await work(id)).toMatchObject({ state: 'waiting', code: 'API_NO_ANSWER' });
    expect(await work(id)).toMatchObject({ state: 'in_doubt' });
  });

  it('is in doubt, not failed, when ten requests had no answer', async () => {
    const id = await leadWith('lost');
    for (let n = 1; n < 10; n += 1) {
      expect(await work(id)).toMatchObject({ state: 'waiting', attempts: n });
      if (n === 5) await getAnotherThrough();
    }
    expect(await work(id)).toMatchObject({ state: 'in_doubt', code: 'API_NO_ANSWER' });
    expect(keys).toHaveLength(10);
  });

  it('is in doubt, and is not sent or asked about again, when its client check has grown too old', async () => {
    const id = await leadWith('lost', 'created');
    await work(id);
    const old = { ...kind, settings: { ...kind.settings, checkValidForMs: -1 } };
    expect(await work(id, old)).toMatchObject({ state: 'in_doubt', code: 'API_NO_ANSWER' });
    expect(keys).toHaveLength(1);
  });

  it("is in doubt when the partner's config would not create it any more", async () => {
    const id = await leadWith('lost', 'created');
    await work(id);
    const agent = { ...bench.partner.agent, default: null, fromCheck: 'clientsOnly' } as const;
    const stricter = { ...bench.partner, agent };
    const ports = { ...kind, partners: { get: () => stricter, list: () => [stricter], isBroken: () => false } };
    expect(await work(id, ports)).toMatchObject({ state: 'in_doubt', code: 'API_NO_ANSWER' });
    expect(keys).toHaveLength(1);
  });
});

it('is in doubt at once where nothing is configured', async () => {
  const id = await leadWith('lost', 'created');
  expect(await work(id, bench.ports)).toMatchObject({ state: 'in_doubt', code: 'API_NO_ANSWER' });
  expect(keys).toHaveLength(1);
});

it('is in doubt and halts the endpoint when a sandbox answers in production', async () => {
  const production = { ...bench.ports, api: client({ refuseSandbox: true }) };
  const id = await leadWith('sandbox');
  expect(await work(id, production)).toMatchObject({ state: 'in_doubt', code: 'API_IS_SANDBOX' });
  expect((await bench.ports.ledger.stops('default')).halts).toMatchObject([
    { endpoint: 'altaLead', code: 'API_IS_SANDBOX' },
  ]);
  await production.api.close();
});
