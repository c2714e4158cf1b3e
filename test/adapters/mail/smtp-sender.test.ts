import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSmtpSender, type SmtpOptions } from '../../../src/adapters/mail/smtp-sender.ts';
import { mailLogin, startMailServer, type MailServer } from '../../support/mail-server.ts';
import { selfSigned } from '../leads-api/self-signed.ts';

let server: MailServer | null;
beforeEach(() => {
  server = null;
});
afterEach(() => server?.close());

const mail = {
  id: 'night-2026-11-24-1@leadsync.invalid',
  to: ['ops@example.com', 'ana@example.com'],
  subject: 'leadsync test: night of 2026-11-24: all is well',
  text: 'Nothing needs a person.\n.\n',
  at: new Date('2026-11-24T07:00:00Z'),
};

async function send(changes: Partial<SmtpOptions> = {}, message = mail) {
  const sender = createSmtpSender({
    host: '127.0.0.1',
    port: server?.port ?? 1,
    encryption: 'starttls',
    login: mailLogin,
    ca: selfSigned.cert,
    from: 'leadsync <leadsync@example.com>',
    timeoutMs: 5_000,
    deadlineMs: 10_000,
    ...changes,
  });
  try {
    return await sender.send(message);
  } finally {
    sender.close();
  }
}

describe('an e-mail', () => {
  it.each(['starttls', 'tls'] as const)('goes out behind %s, by a login', async (encryption) => {
    server = await startMailServer({ encryption });
    expect(await send({ encryption })).toEqual({ kind: 'delivered' });
    expect(server.mails).toMatchObject([
      { user: 'leadsync', from: 'leadsync@example.com', to: ['ops@example.com', 'ana@example.com'], isEncrypted: true },
    ]);
    const [{ text } = { text: '' }] = server.mails;
    expect(text).toContain('Subject: leadsync test: night of 2026-11-24: all is well');
    expect(text).toContain(`Message-ID: <${mail.id}>`);
    expect(text).toContain('Date: Tue, 24 Nov 2026 07:00:00 +0000');
    expect(text).toContain('Auto-Submitted: auto-generated');
  });

  it('is not sent to a server whose certificate nobody vouches for', async () => {
    server = await startMailServer();
    expect(await send({ ca: null })).toMatchObject({ kind: 'failed', code: 'DELIVERY_CERTIFICATE' });
    expect(server.mails).toEqual([]);
  });

  it('is not sent, and no password said, where encryption is not offered', async () => {
    server = await startMailServer({ encryption: 'none' });
    expect(await send()).toMatchObject({ kind: 'failed', code: 'DELIVERY_CERTIFICATE' });
    expect(server.mails).toEqual([]);
  });

  it('says that the login was refused', async () => {
    server = await startMailServer();
    const login = { ...mailLogin, password: 'another' };
    expect(await send({ login })).toMatchObject({ kind: 'failed', code: 'DELIVERY_LOGIN_REFUSED' });
  });

  it.each([
    [451, 'DELIVERY_RECEIVER_FAILED'],
    [554, 'DELIVERY_REFUSED'],
  ])('that is answered with %i is %s', async (status, code) => {
    server = await startMailServer();
    server.refuse(status);
    expect(await send()).toMatchObject({ kind: 'failed', code });
  });

  it('to a server that is not there is tried again', async () => {
    expect(await send({ port: 1 })).toMatchObject({ kind: 'failed', code: 'DELIVERY_UNREACHABLE' });
  });

  it('to a server that never comes to an end is tried again, and the connection is closed', async () => {
    const endless = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write('220 hello\r\n');
      const talk = setInterval(() => socket.write('250-and\r\n'), 20);
      socket.on('close', () => clearInterval(talk));
    });
    endless.listen(0, '127.0.0.1');
    await once(endless, 'listening');
    const { port } = endless.address() as AddressInfo;
    expect(await send({ port, deadlineMs: 300 })).toMatchObject({ kind: 'failed', code: 'DELIVERY_UNREACHABLE' });
    const closed = once(endless, 'close');
    endless.close();
    await closed;
  });

  it('holds no header but its own, whatever its subject says', async () => {
    server = await startMailServer();
    expect(await send({}, { ...mail, subject: 'night\r\nBcc: other@example.com\r\n\r\nbody' })).toEqual({
      kind: 'delivered',
    });
    expect(server.mails).toMatchObject([{ to: ['ops@example.com', 'ana@example.com'] }]);
    expect(server.mails[0]?.text).not.toMatch(/^bcc:/im);
  });
});
