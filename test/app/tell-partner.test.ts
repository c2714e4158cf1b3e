import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDeliveryLedger } from '../../src/adapters/ledger/deliveries.ts';
import { createWebhookSender, type WebhookSender } from '../../src/adapters/webhook/webhook-sender.ts';
import { createDeliverer } from '../../src/app/deliver.ts';
import type { DeliveryLedger } from '../../src/app/ports/delivery-ledger.ts';
import { registerLead } from '../../src/app/register-lead.ts';
import { settleFile } from '../../src/app/settle-file.ts';
import { tellPartner } from '../../src/app/tell-partner.ts';
import type { Partner } from '../../src/domain/partner.ts';
import { foldersUnderTest, type FoldersUnderTest } from '../adapters/files/folders-under-test.ts';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';
import { aWorkbench, delivery, type Workbench } from './a-workbench.ts';

const secret = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;

let api: FakeLeadsApi;
let bench: Workbench;
let receiver: WebhookReceiver;
let sender: WebhookSender;
let ledger: DeliveryLedger;
let folders: FoldersUnderTest;
let partner: Partner;
let secrets: readonly string[];

beforeAll(async () => {
  api = await startFakeLeadsApi();
  bench = await aWorkbench('tell partner', api.url);
  ledger = createDeliveryLedger(bench.db);
  sender = createWebhookSender({ allowedNetworks: ['127.0.0.0/8'], userAgent: 'test', timeoutMs: 2_000 });
});
afterAll(async () => {
  await sender.close();
  await bench.close();
  await api.close();
});
beforeEach(async () => {
  await sql`update delivery set state = 'delivered'`.execute(bench.db);
  await sql`update delivery_target set failing_since = null, stopped_at = null`.execute(bench.db);
  folders = await foldersUnderTest();
  receiver = await startWebhookReceiver();
  secrets = [secret];
  partner = { ...bench.partner, webhook: { url: `${receiver.url}/hook`, secrets: 'acme.secret', outcomes: true } };
  return async () => {
    await receiver.close();
    await folders.remove();
  };
});

const partners = { get: () => partner, list: () => [partner], isBroken: () => false };

async function deliver(): Promise<void> {
  const errors: unknown[] = [];
  const ports = { ...bench.ports, partners, deliveries: ledger, webhooks: sender, secretsIn: () => secrets };
  const deliverer = createDeliverer(
    { ...ports, settings: { timeScale: 1 } },
    { webhook: (claimed) => tellPartner(ports, claimed) },
    (error) => errors.push(error),
  );
  await deliverer.tick();
  await deliverer.idle();
  expect(errors).toEqual([]);
}

/** A file of one lead that is registered, settled. */
async function settledFile(): Promise<{ readonly fileId: string; readonly rowId: string }> {
  const rowId = await bench.leadRow();
  await registerLead(bench.ports, { rowId, version: 0 }, delivery(`r${rowId}`));
  const fileId = (await bench.ports.ledger.row(rowId))?.fileId ?? '';
  await settle(fileId);
  return { fileId, rowId };
}

async function settle(fileId: string): Promise<void> {
  const ports = { ...bench.ports, folders: folders.folders, partners };
  expect(await settleFile(ports, fileId)).toMatchObject({ outcome: 'settled' });
}

const bodies = () =>
  receiver.received.map(({ body }) => JSON.parse(body) as { type: string; data: Record<string, unknown> });
const makeDue = () => sql`update delivery set next_at = clock_timestamp() where state = 'pending'`.execute(bench.db);

describe('a settled file', () => {
  it('is told to its partner: what became of its rows, then the file, in ids, outcomes and codes alone', async () => {
    const { fileId, rowId } = await settledFile();
    const row = await bench.ports.ledger.row(rowId);
    if (row === null) throw new Error('no row');
    await deliver();
    const of = { environment: 'test', fileId, partner: 'acme', kind: 'leads', version: 1 };
    expect(bodies()).toEqual([
      {
        type: 'rows.settled',
        timestamp: expect.any(String),
        data: {
          ...of,
          rows: [
            {
              row: 2,
              kind: 'lead',
              partnerLeadId: await bench.ownIdOf(row),
              outcome: 'registered',
              leadId: row.leadId,
              code: null,
              updatedAt: row.updatedAt.toISOString(),
            },
          ],
        },
      },
      {
        type: 'file.settled',
        timestamp: expect.any(String),
        data: {
          ...of,
          sourceSha256: expect.stringMatching(/^[0-9a-f]{32}0*$/),
          counts: { registered: 1 },
          countsByKind: { lead: { registered: 1 } },
        },
      },
    ]);
    expect(receiver.received.every(({ body }) => !/Inventada|99000001S|600000001|leads\.csv/.test(body))).toBe(true);
    expect(receiver.received.every(({ headers }) => /^v1,\S+$/.test(String(headers['webhook-signature'])))).toBe(true);
  });

  it('has the fields that docs/webhooks.md shows', async () => {
    await settledFile();
    await deliver();
    const document = readFileSync(join(import.meta.dirname, '../../docs/webhooks.md'), 'utf8');
    const shown = [...document.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = '']) => JSON.parse(json) as unknown);
    expect(bodies().map(fieldsOf)).toEqual(shown.map(fieldsOf));
  });

  it('is told once, though its result is issued again after a crash', async () => {
    const { fileId } = await settledFile();
    await sql`update file set state = 'read' where id = ${fileId}`.execute(bench.db);
    await settle(fileId);
    expect((await ledger.deliveries({ limit: 10, fileId })).map(({ version }) => version)).toEqual([1]);
  });

  it('of a partner without a webhook is told to nobody', async () => {
    partner = { ...partner, webhook: null };
    const { fileId } = await settledFile();
    expect(await ledger.deliveries({ limit: 10, fileId })).toEqual([]);
  });

  it('without `outcomes` is told as a whole', async () => {
    partner = { ...partner, webhook: { url: receiver.url, secrets: 'acme.secret', outcomes: false } };
    await settledFile();
    await deliver();
    expect(bodies().map(({ type }) => type)).toEqual(['file.settled']);
  });

  it('keeps its messages in order and their ids through failures', async () => {
    const { fileId } = await settledFile();
    await sql`update file set result_moves = -1 where id = ${fileId}`.execute(bench.db);
    await settle(fileId);
    receiver.answer(500);
    await deliver();
    await makeDue();
    await deliver();
    receiver.answer(200);
    await makeDue();
    await deliver();
    const told = bodies().map(({ type, data }) => `${type} v${String(data['version'])}`);
    expect(told).toEqual([
      'rows.settled v1',
      'rows.settled v1',
      'rows.settled v1',
      'file.settled v1',
      'rows.settled v2',
      'file.settled v2',
    ]);
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids.slice(0, 3)).size).toBe(1);
    expect(new Set(ids).size).toBe(4);
  });

  it('that is issued again tells the rows that have moved since', async () => {
    const { fileId } = await settledFile();
    await deliver();
    await sql`update ledger_row set updated_at = clock_timestamp() - interval '2 hours' where file_id = ${fileId}`.execute(
      bench.db,
    );
    await sql`update file set result_moves = -1 where id = ${fileId}`.execute(bench.db);
    await settle(fileId);
    await deliver();
    expect(bodies().map(({ type }) => type)).toEqual(['rows.settled', 'file.settled', 'file.settled']);
  });

  it.each([
    ['was given up', sql`update delivery set state = 'given_up', ended_at = clock_timestamp()`],
    ['told no rows', sql`update delivery set payload = payload || '{"withRows": false}'`],
  ])('that is issued again tells all rows where the version before %s', async (_, before) => {
    const { fileId } = await settledFile();
    await deliver();
    await before.execute(bench.db);
    await sql`update ledger_row set updated_at = clock_timestamp() - interval '2 hours' where file_id = ${fileId}`.execute(
      bench.db,
    );
    await sql`update file set result_moves = -1 where id = ${fileId}`.execute(bench.db);
    await settle(fileId);
    await deliver();
    expect(bodies().map(({ type }) => type)).toEqual(['rows.settled', 'file.settled', 'rows.settled', 'file.settled']);
  });

  it('waits while the config of its partner is broken', async () => {
    const { fileId } = await settledFile();
    partners.isBroken = () => true;
    partners.get = () => null as never;
    await deliver();
    partners.isBroken = () => false;
    partners.get = () => partner;
    expect(await ledger.deliveries({ limit: 1, fileId })).toMatchObject([
      { state: 'pending', code: 'DELIVERY_NOT_CONFIGURED' },
    ]);
    await makeDue();
    await deliver();
    expect(bodies().at(-1)?.type).toBe('file.settled');
  });

  it('that is sent again while a page of it is under way is told from its first page', async () => {
    const { fileId } = await settledFile();
    const [claimed] = await ledger.claimDue(['webhook'], 1);
    if (claimed === undefined) throw new Error('nothing is due');
    expect(await ledger.sendAgain(claimed.id, { actor: 'cli:ana', reason: 'lost' })).toBe(true);
    await ledger.toldTo(claimed, { rowNumber: 2, kind: 'lead' });
    await ledger.delivered(claimed, 200);
    expect(await ledger.deliveries({ limit: 1, fileId })).toMatchObject([{ state: 'pending' }]);
    await deliver();
    expect(bodies().map(({ type }) => type)).toEqual(['rows.settled', 'file.settled']);
  });

  it('tells many rows in pages, and goes on behind the page that arrived', async () => {
    const { fileId } = await settledFile();
    const pages = {
      ...ledger,
      settledRows: (id: string, page: object) => ledger.settledRows(id, { ...page, limit: 1 } as never),
    };
    await sql`insert into ledger_row (kind, partner, file_id, row_number, state, key_id, payload, version)
      select kind, partner, file_id, n, 'rejected', key_id, payload, 1 from ledger_row, generate_series(3, 5) as n
      where file_id = ${fileId}`.execute(bench.db);
    const ports = { ...bench.ports, partners, deliveries: pages, webhooks: sender, secretsIn: () => secrets };
    const deliverer = createDeliverer(
      { ...ports, deliveries: ledger, settings: { timeScale: 1 } },
      { webhook: (claimed) => tellPartner(ports, claimed) },
      (error) => {
        throw error;
      },
    );
    await deliverer.tick();
    await deliverer.idle();
    const rows = bodies().flatMap(
      ({ data }) => (data['rows'] ?? []) as { row: number; outcome: string; leadId: string | null }[],
    );
    expect(rows.map(({ row, outcome }) => `${row} ${outcome}`)).toEqual([
      '2 registered',
      '3 rejected',
      '4 rejected',
      '5 rejected',
    ]);
    expect(rows.slice(1).every(({ leadId }) => leadId === null)).toBe(true);
    expect(bodies().at(-1)?.type).toBe('file.settled');
  });

  it('waits with a code where the secret can not be read', async () => {
    secrets = [];
    await settledFile();
    await deliver();
    expect(receiver.received).toEqual([]);
    expect(await ledger.troubles()).toMatchObject([
      { recipient: 'acme', code: 'DELIVERY_SECRET_UNREADABLE', waiting: 1 },
    ]);
  });
});

it('a webhook that was taken out of the config is told nothing more, and is no alarm', async () => {
  receiver.answer(500);
  const { fileId } = await settledFile();
  await deliver();
  expect(await ledger.troubles()).toHaveLength(1);
  partner = { ...partner, webhook: null };
  await makeDue();
  await deliver();
  expect(receiver.received).toHaveLength(1);
  expect(await ledger.deliveries({ limit: 1, fileId })).toMatchObject([
    { state: 'given_up', code: 'DELIVERY_NOT_CONFIGURED' },
  ]);
  expect(await ledger.troubles()).toEqual([]);
});

it('trouble with a receiver that nothing waits for, and nothing was given up for lately, is no alarm', async () => {
  receiver.answer(500);
  await settledFile();
  await deliver();
  await sql`update delivery set state = 'given_up', ended_at = clock_timestamp() - interval '1 day'
    where state = 'pending'`.execute(bench.db);
  expect(await ledger.troubles()).toMatchObject([{ recipient: 'acme', givenUp: 1 }]);
  await sql`update delivery set ended_at = clock_timestamp() - interval '15 days'`.execute(bench.db);
  expect(await ledger.troubles()).toEqual([]);
});

describe('a receiver', () => {
  it('that does not answer keeps no other one waiting, and has two messages at most under way', async () => {
    const { fileId } = await settledFile();
    await sql`update delivery set state = 'delivered'`.execute(bench.db);
    const enter = (recipient: string, lanes: number) =>
      sql`insert into delivery (about, channel, recipient, lane, file_id, version)
        select 'file', 'webhook', ${recipient}, ${recipient} || n, ${fileId}, 1 from generate_series(1, ${lanes}::int) as n`.execute(
        bench.db,
      );
    await enter('hangs', 5);
    await enter('answers', 5);
    const { promise: hung, resolve: letGo } = Promise.withResolvers<void>();
    const { promise: allArrived, resolve: arrived } = Promise.withResolvers<void>();
    let [hanging, most, answered] = [0, 0, 0];
    const deliverer = createDeliverer(
      { ...bench.ports, deliveries: ledger, settings: { timeScale: 1 } },
      {
        webhook: async ({ recipient }) => {
          if (recipient === 'hangs') {
            most = Math.max(most, ++hanging);
            await hung;
            hanging--;
          } else if (++answered === 5) arrived();
          return { kind: 'delivered' };
        },
      },
      (error) => {
        throw error;
      },
    );
    await deliverer.tick();
    await allArrived;
    expect(most).toBe(2);
    letGo();
    await deliverer.idle();
    expect(most).toBe(2);
    expect(await ledger.deliveries({ limit: 10, fileId, state: 'pending' })).toEqual([]);
  });

  it('that is gone for good is stopped at once, keeps what waits, and goes on when a person says so', async () => {
    receiver.answer(410);
    await settledFile();
    await deliver();
    await settledFile();
    receiver.answer(200);
    await makeDue();
    await deliver();
    expect(receiver.received).toHaveLength(1);
    expect(await ledger.troubles()).toMatchObject([
      {
        channel: 'webhook',
        recipient: 'acme',
        code: 'DELIVERY_GONE',
        httpStatus: 410,
        stoppedAt: expect.any(Date),
        waiting: 2,
      },
    ]);
    const act = { actor: 'cli:ana', reason: 'a new address' };
    const target = { channel: 'webhook', recipient: 'acme' } as const;
    expect(await ledger.goOn(target, act)).toBe(true);
    expect(await ledger.goOn(target, act)).toBe(false);
    await deliver();
    expect(
      bodies()
        .slice(1)
        .map(({ type }) => type)
        .toSorted(),
    ).toEqual(['file.settled', 'file.settled', 'rows.settled', 'rows.settled']);
    expect((await ledger.troubles()).filter(({ failingSince }) => failingSince !== null)).toEqual([]);
  });

  it('that has failed for three days is stopped, which is audited', async () => {
    receiver.answer(500);
    await settledFile();
    await deliver();
    await sql`update delivery_target set failing_since = clock_timestamp() - interval '73 hours'
      where recipient = 'acme'`.execute(bench.db);
    await makeDue();
    await deliver();
    expect(await ledger.troubles()).toMatchObject([{ stoppedAt: expect.any(Date), waiting: 1 }]);
    const { rows } = await sql`select partner, code from audit_event where action = 'delivery.stopped'
      order by seq desc limit 1`.execute(bench.db);
    expect(rows).toEqual([{ partner: 'acme', code: 'DELIVERY_RECEIVER_FAILED' }]);
  });
});

/** The names of an object's fields, down to the last. */
function fieldsOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(fieldsOf);
  if (typeof value !== 'object' || value === null) return null;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, name.startsWith('counts') ? null : fieldsOf(part)]),
  );
}
