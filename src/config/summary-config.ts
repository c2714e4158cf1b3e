import { isLoopback } from './api-config.ts';
import type { Config } from './config.ts';
import { readPem } from './pem-files.ts';
import type { SettingFaults } from './setting-faults.ts';
import type { VariableValues } from './variable-values.ts';

const ports = { smtp: 587, smtps: 465 } as const;

/** Puts together who is told of a night, and how. */
export function buildSummaryConfig(values: VariableValues, faults: SettingFaults): Config['summary'] {
  const { LEADSYNC_SUMMARY_EMAIL: to, LEADSYNC_SUMMARY_WEBHOOK: url } = values;
  const secrets = values.LEADSYNC_SUMMARY_WEBHOOK_SECRET ?? [];
  if (url === undefined && secrets.length > 0)
    faults.add('LEADSYNC_SUMMARY_WEBHOOK', 'an address with LEADSYNC_SUMMARY_WEBHOOK_SECRET', 'nothing');
  return {
    at: values.LEADSYNC_SUMMARY_AT,
    webhook: url === undefined ? null : { url, secrets },
    email: to === undefined ? null : buildEmail(to, values, faults),
  };
}

function buildEmail(to: readonly string[], values: VariableValues, faults: SettingFaults): Config['summary']['email'] {
  const { SMTP_URL: url, SMTP_USER: user, SMTP_PASSWORD: password, SMTP_FROM: from } = values;
  if (url === undefined) faults.add('SMTP_URL', 'a mail server with LEADSYNC_SUMMARY_EMAIL', 'nothing');
  if (from === undefined) faults.add('SMTP_FROM', 'a sender with LEADSYNC_SUMMARY_EMAIL', 'nothing');
  if (user !== undefined && password === undefined) faults.add('SMTP_PASSWORD', 'the password of SMTP_USER', 'nothing');
  if (user === undefined && password !== undefined) faults.add('SMTP_USER', 'the user of SMTP_PASSWORD', 'nothing');
  const ca = readPem('SMTP_TLS_CA', values, faults) ?? null;
  if (url === undefined || from === undefined) return null;
  const parsed = new URL(url);
  const isTls = parsed.protocol === 'smtps:';
  const host = parsed.hostname.replaceAll(/^\[|\]$/g, '');
  // A relay on this machine has no certificate, and nobody is in between.
  const isClear = !isTls && isLoopback(host) && ca === null;
  return {
    to,
    from,
    host,
    port: parsed.port === '' ? ports[isTls ? 'smtps' : 'smtp'] : Number(parsed.port),
    encryption: isTls ? 'tls' : isClear ? 'none' : 'starttls',
    login: user === undefined || password === undefined ? null : { user, password },
    ca,
  };
}
