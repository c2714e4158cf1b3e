import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keyOfSecret, signedHeaders } from '../../src/adapters/webhook/sign.ts';
import { addDays, localTimeAt } from '../../src/domain/local-time.ts';
import { selfSigned } from '../adapters/leads-api/self-signed.ts';
import { eventually } from '../support/eventually.ts';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { runLeadsync, startLeadsync, type LeadsyncProcess } from '../support/leadsync-process.ts';
import { mailLogin, startMailServer, type MailServer } from '../support/mail-server.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';
import { createInstallation, type Installation } from './installation.ts';
import { drop, leadsCsv, plainPartner } from './leads-file.ts';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

let api: FakeLeadsApi;
let mailServer: MailServer;
let receiver: WebhookReceiver;
let installation: Installation;
let env: Readonly<Record<string, string>>;
let service: LeadsyncProcess | null;

beforeEach(async () => {
  service = null;
  api = await startFakeLeadsApi();
  mailServer = await startMailServer();
  receiver = await startWebhookReceiver();
  installation = await createInstallation('night summary', api, { LEADSYNC_QUEUE_BACKEND: 'postgres' });
  const { home } = installation;
  await writeFile(join(home, 'ca.pem'), selfSigned.cert);
  await writeFile(join(home, 'smtp-password'), `${mailLogin.password}\n`);
  await writeFile(join(home, 'partners', 'acme.yaml'), `${plainPartner('acme')}\nresults: { summary: true }\n`);
  env = {
    ...installation.env,
    // Every hour of every day is after it.
    LEADSYNC_SUMMARY_AT: '00:00',
    LEADSYNC_SUMMARY_EMAIL: 'ops@example.com, ana@example.com',
    LEADSYNC_SUMMARY_WEBHOOK: `${receiver.url}/ops`,
    LEADSYNC_SUMMARY_WEBHOOK_SECRET: secret,
    SMTP_URL: `smtp://127.0.0.1:${mailServer.port}`,
    SMTP_USER: mailLogin.user,
    SMTP_PASSWORD_FILE: join(home, 'smtp-password'),
    SMTP_FROM: 'leadsync@example.com',
    SMTP_TLS_CA: join(home, 'ca.pem'),
  };
});
afterEach(async () => {
  await service?.end('SIGTERM');
  await Promise.all([api.close(), mailServer.close(), receiver.close()]);
  await installation.remove();
});

async function start(): Promise<LeadsyncProcess> {
  service = startLeadsync(['run'], env);
  await service.ready();
  return service;
}

const outbox = (folder: string): string => join(installation.home, 'outbox', folder);

const published = (folder: string, name: string) =>
  eventually(name, () => readFile(join(outbox(folder), name), 'utf8').catch(() => null));

it('tells of a night once, by file, webhook and e-mail, though the process is killed over it, and names nobody', async () => {
  const { db } = installation.database;
  const night = localTimeAt(new Date(), 'Europe/Madrid').date;
  await start();
  await drop(join(installation.home, 'inbox'), 'acme', 'leads-of-ana-garcia.csv', leadsCsv(5));
  await installation.results('acme', 'leads-of-ana-garcia.csv');
  await service?.end('SIGTERM');

  // As if the file had come last night, and the night before had been told.
  await sql`update file set night = ${night}::date`.execute(db);
  await sql`delete from night_end`.execute(db);
  await sql`insert into night_end (night) values (${addDays(night, -1)}::date)`.execute(db);
  receiver.answer(503);
  mailServer.refuse(451);
  await start();
  await receiver.seen(1);
  await service?.end('SIGKILL');

  receiver.answer(204);
  mailServer.refuse(null);
  // What the killed process had in its hands is taken up when its claim has run out.
  await sql`update delivery set claimed_until = null, next_at = clock_timestamp()`.execute(db);
  await start();
  await mailServer.seen(1);
  const arrived = await eventually('the webhook', async () => receiver.received.find(({ status }) => status === 204));
  const summary = JSON.parse(await published('_ops', `${night}.summary.json`)) as unknown;
  const text = await published('_ops', `${night}.summary.txt`);
  const partnerText = await published('acme', `night-${night}.summary.txt`);

  expect(summary).toMatchObject({
    night,
    environment: 'test',
    isWell: true,
    partners: [
      { partner: 'acme', files: [{ kind: 'leads', state: 'settled', rows: 5 }], outcomes: { lead: { registered: 5 } } },
    ],
    needsPerson: [],
  });
  expect(JSON.parse(arrived.body)).toEqual({ type: 'night.ended', timestamp: expect.any(String), data: summary });
  const key = keyOfSecret(secret);
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = arrived.headers;
  const message = { id: String(id), timestamp: Number(timestamp), body: arrived.body };
  expect(signature).toBe(signedHeaders(message, key === null ? [] : [key])['webhook-signature']);
  // A receiver tells a repetition by its id.
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);

  expect(mailServer.mails).toHaveLength(1);
  const [mail] = mailServer.mails;
  expect(mail).toMatchObject({ isEncrypted: true, to: ['ops@example.com', 'ana@example.com'] });
  expect(mail?.text).toContain(`Subject: leadsync test: night of ${night}: all is well`);
  expect(mail?.text).toContain('5 leads: 5 registered');
  expect(text).toContain('acme: 1 file\n  5 leads: 5 registered');
  expect(partnerText).toContain('Leads:\n  registrado: 5');
  for (const told of [JSON.stringify(summary), text, partnerText, arrived.body, mail?.text ?? '']) {
    expect(told).not.toMatch(/ana-garcia|Inventada|9900000\d|60000000\d|T-\d/);
  }

  const { stdout } = await runLeadsync(['report', '--night', night], env);
  expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
    /Summary: file to ops: delivered at .*; webhook to ops: delivered at .*; email to ops: delivered/,
  );
  // One look more, and nothing is told again.
  await service?.end('SIGTERM');
  await start();
  await published('_ops', `${night}.summary.txt`);
  await service?.end('SIGTERM');
  expect([mailServer.mails.length, receiver.received.filter(({ status }) => status === 204).length]).toEqual([1, 1]);
  expect(await readdir(outbox('_ops'))).toHaveLength(2);
});

it('says what does not arrive and why', async () => {
  const { db } = installation.database;
  const night = localTimeAt(new Date(), 'Europe/Madrid').date;
  receiver.answer(403);
  await start();
  await eventually('the first night', async () => {
    const { rows } = await sql`select from night_end`.execute(db);
    return rows.length > 0;
  });
  await service?.end('SIGTERM');
  await sql`update night_end set night = ${addDays(night, -1)}::date`.execute(db);
  await start();
  await receiver.seen(1);
  const found = await eventually('the trouble', async () => {
    const { stdout } = await runLeadsync(['status', '--json'], env);
    const { needsPerson } = JSON.parse(stdout) as { needsPerson: readonly { readonly alarm: string }[] };
    return needsPerson.find(({ alarm }) => alarm === 'delivery:webhook:ops');
  });
  expect(found).toMatchObject({
    what: 'webhooks to those who run leadsync do not arrive, 1 waits: DELIVERY_REFUSED (403)',
    command: 'leadsync deliveries',
    isUrgent: false,
  });
  const { stdout } = await runLeadsync(['deliveries'], env);
  expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
    /webhook to ops tried \d+ times? DELIVERY_REFUSED \(403\): The receiver refused/,
  );
});
