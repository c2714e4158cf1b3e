import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { startLeadsync, type LeadsyncProcess } from '../support/leadsync-process.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';
import { createInstallation, type Installation } from './installation.ts';
import { drop, leadsCsv, plainPartner } from './leads-file.ts';

let api: FakeLeadsApi;
let receiver: WebhookReceiver;
let installation: Installation;
let service: LeadsyncProcess | null;

beforeEach(async () => {
  service = null;
  api = await startFakeLeadsApi();
  receiver = await startWebhookReceiver();
  installation = await createInstallation('webhooks', api, {
    LEADSYNC_QUEUE_BACKEND: 'postgres',
    LEADSYNC_WEBHOOK_NETWORKS: '127.0.0.0/8',
  });
  const webhook = `webhook: { url: "${receiver.url}/hook", secrets: acme.secret, outcomes: true }`;
  await writeFile(join(installation.home, 'partners', 'acme.yaml'), `${plainPartner('acme')}\n${webhook}\n`);
});
afterEach(async () => {
  await service?.end('SIGTERM');
  await Promise.all([api.close(), receiver.close()]);
  await installation.remove();
});

const secretOf = (byte: number): string => `whsec_${Buffer.alloc(32, byte).toString('base64')}`;

const keep = (...secrets: readonly string[]) =>
  writeFile(join(installation.home, 'partners', 'acme.secret'), `${secrets.join('\n')}\n`, { mode: 0o600 });

const arrived = (messages: number) =>
  eventually('the messages', async () => receiver.received.length >= messages && receiver.received.slice(0, messages));

it('brings the leadIds of a file to its partner, after a kill too, and takes a new secret without a start', async () => {
  await keep(secretOf(1));
  receiver.answer(503);
  service = startLeadsync(['run'], installation.env);
  await service.ready();
  await drop(join(installation.home, 'inbox'), 'acme', 'leads-1.csv', leadsCsv(3));
  await receiver.seen(1);
  await service.end('SIGKILL');

  receiver.answer(200);
  const refused = receiver.received.length;
  service = startLeadsync(['run'], installation.env);
  await service.ready();
  // A try that the killed process had begun belongs to it for two minutes more.
  await sql`update delivery set claimed_until = null`.execute(installation.database.db);
  const told = (await arrived(refused + 2)).slice(refused);
  const [rows, file] = told.map(({ body }) => JSON.parse(body) as Message);
  const byRow = Object.fromEntries((rows?.data.rows ?? []).map(({ row, leadId }) => [row, leadId]));
  const created = api.creates.map(({ partnerLeadId, leadId }) => [Number(partnerLeadId.replace('T-', '')) + 1, leadId]);
  expect(byRow).toEqual(Object.fromEntries(created));
  expect(file).toMatchObject({ type: 'file.settled', data: { counts: { registered: 3 } } });
  expect(signatures(told.at(-1))).toHaveLength(1);

  await keep(secretOf(2), secretOf(1));
  await drop(join(installation.home, 'inbox'), 'acme', 'leads-2.csv', leadsCsv(1, 'U-'));
  const [, , , last] = (await arrived(refused + 4)).slice(refused);
  expect(signatures(last)).toHaveLength(2);
});

interface Message {
  readonly type: string;
  readonly data: { readonly rows?: readonly { readonly row: number; readonly leadId: string }[] };
}

function signatures(message: WebhookReceiver['received'][number] | undefined): readonly string[] {
  return String(message?.headers['webhook-signature']).split(' ');
}
