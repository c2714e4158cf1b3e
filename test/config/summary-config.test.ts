import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../src/config/environment.ts';
import { ConfigFault } from '../../src/domain/config-fault.ts';

const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;

const mail = {
  LEADSYNC_SUMMARY_EMAIL: 'ops@example.com, Ana <ana@example.com>',
  SMTP_URL: 'smtp://mail.example.com',
  SMTP_FROM: 'leadsync@example.com',
};

const read = (env: Record<string, string>) => readEnvironment(env, { checkout: '/opt/leadsync' });

function faultOf(env: Record<string, string>): string {
  try {
    read(env);
  } catch (error) {
    if (error instanceof ConfigFault) return error.message;
    throw error;
  }
  return '';
}

describe('the summary of a night', () => {
  it('is a file at eight when nothing is set', () => {
    expect(read({})).toMatchObject({ summary: { at: '08:00', webhook: null, email: null }, webhookNetworks: [] });
  });

  it.each([
    ['smtp://mail.example.com', 'mail.example.com', 587, 'starttls'],
    ['smtp://mail.example.com:25', 'mail.example.com', 25, 'starttls'],
    ['smtps://mail.example.com', 'mail.example.com', 465, 'tls'],
    ['smtp://localhost:25', 'localhost', 25, 'none'],
    ['smtps://[::1]', '::1', 465, 'tls'],
  ])('goes by %s', (url, host, port, encryption) => {
    const { email } = read({ ...mail, SMTP_URL: url }).summary;
    expect(email).toMatchObject({ host, port, encryption, login: null, ca: null });
    expect(email?.to).toEqual(['ops@example.com', 'Ana <ana@example.com>']);
  });

  it('is posted and signed, with two secrets while one is being changed', () => {
    const env = { LEADSYNC_SUMMARY_WEBHOOK: 'https://ops.example.com/x?y=1' };
    expect(read(env).summary.webhook).toEqual({ url: 'https://ops.example.com/x?y=1', secrets: [] });
    const signed = { ...env, LEADSYNC_SUMMARY_WEBHOOK_SECRET: `${secret} ${secret}` };
    expect(read(signed).summary.webhook?.secrets).toHaveLength(2);
  });

  it.each<[Record<string, string>, string]>([
    [{ LEADSYNC_SUMMARY_AT: '12:01' }, 'LEADSYNC_SUMMARY_AT: expected an hour from 00:00 to 12:00'],
    [{ LEADSYNC_SUMMARY_EMAIL: 'ops@example.com' }, 'SMTP_URL: expected a mail server'],
    [{ ...mail, LEADSYNC_SUMMARY_EMAIL: 'ops' }, 'LEADSYNC_SUMMARY_EMAIL: expected e-mail addresses'],
    [{ ...mail, SMTP_FROM: 'a@b.example\r\nBcc: c@d.example' }, 'SMTP_FROM: expected an e-mail address'],
    [{ ...mail, SMTP_URL: 'smtp://u:geheim@mail.example.com' }, 'SMTP_URL: expected smtp://host:587'],
    [{ ...mail, SMTP_USER: 'leadsync' }, 'SMTP_PASSWORD: expected the password of SMTP_USER'],
    [{ ...mail, SMTP_PASSWORD: 'geheim' }, 'SMTP_USER: expected the user of SMTP_PASSWORD'],
    [{ LEADSYNC_SUMMARY_WEBHOOK: 'http://ops.example.com/' }, 'LEADSYNC_SUMMARY_WEBHOOK: expected an https:// URL'],
    [{ LEADSYNC_SUMMARY_WEBHOOK_SECRET: secret }, 'LEADSYNC_SUMMARY_WEBHOOK: expected an address'],
    [{ LEADSYNC_SUMMARY_WEBHOOK_SECRET: 'whsec_a2V5' }, 'LEADSYNC_SUMMARY_WEBHOOK_SECRET: expected whsec_'],
    [{ LEADSYNC_WEBHOOK_NETWORKS: '10.1.0.0' }, 'LEADSYNC_WEBHOOK_NETWORKS: expected networks'],
    [{ LEADSYNC_WEBHOOK_NETWORKS: '10.1.0.0/33' }, 'LEADSYNC_WEBHOOK_NETWORKS: expected networks'],
  ])('is refused with %o', (env, fault) => {
    expect(faultOf(env)).toContain(fault);
    expect(faultOf(env)).not.toContain('geheim');
  });
});
