import type { ApiConfig, AuthConfig } from './config.ts';
import { readKeyPair, readPem } from './pem-files.ts';
import type { SettingFaults } from './setting-faults.ts';
import type { VariableName } from './variables.ts';
import type { VariableValues } from './variable-values.ts';

/** Puts the LEADS_API_* variables together and checks what only shows in combination. Null without a URL. */
export function buildApiConfig(values: VariableValues, faults: SettingFaults): ApiConfig | null {
  const url = values.LEADS_API_URL;
  if (url === undefined) return null;
  if (values.LEADS_API_ENVIRONMENT === undefined) {
    faults.add('LEADS_API_ENVIRONMENT', 'one of sandbox, test, production with LEADS_API_URL', 'nothing');
  }
  checkScheme('LEADS_API_URL', values, faults);
  const budget = values.LEADS_API_SEND_BUDGET_MS;
  // Shorter, and a row could be sent again while its first request may still leave.
  if (budget * 3 > values.LEADSYNC_QUIET_PERIOD_MS) {
    const third = Math.floor(values.LEADSYNC_QUIET_PERIOD_MS / 3);
    faults.add('LEADS_API_SEND_BUDGET_MS', `at most a third of LEADSYNC_QUIET_PERIOD_MS, ${third}`, `"${budget}"`);
  }
  return {
    url,
    version: values.LEADS_API_VERSION,
    endpoints: {
      clientData: values.LEADS_API_CLIENT_DATA,
      altaLead: values.LEADS_API_ALTA_LEAD,
      updateLead: values.LEADS_API_UPDATE_LEAD,
    },
    auth: buildAuth(values, faults),
    tls: readTls(values, faults),
    headers: values.LEADS_API_HEADERS,
    body: values.LEADS_API_BODY,
    phoneFormat: values.LEADS_API_PHONE_FORMAT,
    retryAmbiguous: values.LEADS_API_RETRY_AMBIGUOUS,
    ko: values.LEADS_API_KO,
    statuses: values.LEADS_API_STATUS,
    proxy: values.LEADS_API_PROXY ?? null,
    timeoutMs: values.LEADS_API_TIMEOUT_MS,
    sendBudgetMs: budget,
    ratePerSecond: values.LEADS_API_RATE_PER_SECOND,
    concurrency: values.LEADS_API_CONCURRENCY,
    contact: values.LEADS_API_CONTACT ?? null,
  };
}

function checkScheme(name: 'LEADS_API_URL' | 'LEADS_API_TOKEN_URL', values: VariableValues, faults: SettingFaults) {
  const url = new URL(values[name] ?? 'https://unset');
  if (url.protocol === 'https:') return;
  if (values.LEADS_API_ENVIRONMENT === 'production')
    faults.add(name, 'https:// in production', 'http://', 'CONFIG_TLS_REQUIRED');
  else if (!isLoopback(url.hostname) && !values.LEADS_API_ALLOW_HTTP) {
    const expected = 'https:// (or LEADS_API_ALLOW_HTTP=true in a test network)';
    faults.add(name, expected, 'http:// to another machine', 'CONFIG_TLS_REQUIRED');
  }
}

/** Whether only this machine can be meant. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function buildAuth(values: VariableValues, faults: SettingFaults): AuthConfig {
  const kind = values.LEADS_API_AUTH;
  const need = (name: VariableName & keyof Companions): string => {
    const value = values[name];
    if (value === undefined) faults.add(name, `a value with LEADS_API_AUTH=${kind}`, 'nothing');
    return value ?? '';
  };
  switch (kind) {
    case 'none':
      return { kind };
    case 'basic':
      return { kind, user: need('LEADS_API_CLIENT_ID'), password: need('LEADS_API_CLIENT_SECRET') };
    case 'api-key':
      return { kind, header: values.LEADS_API_KEY_HEADER, key: need('LEADS_API_KEY') };
    case 'oauth2': {
      checkScheme('LEADS_API_TOKEN_URL', values, faults);
      const { LEADS_API_SCOPE: scope, LEADS_API_AUDIENCE: audience } = values;
      return {
        kind,
        tokenUrl: need('LEADS_API_TOKEN_URL'),
        clientId: need('LEADS_API_CLIENT_ID'),
        clientSecret: need('LEADS_API_CLIENT_SECRET'),
        ...(scope === undefined ? {} : { scope }),
        ...(audience === undefined ? {} : { audience }),
        params: values.LEADS_API_TOKEN_PARAMS,
        credentials: values.LEADS_API_TOKEN_CREDENTIALS,
      };
    }
  }
}

type Companions = Pick<
  VariableValues,
  'LEADS_API_CLIENT_ID' | 'LEADS_API_CLIENT_SECRET' | 'LEADS_API_TOKEN_URL' | 'LEADS_API_KEY'
>;

function readTls(values: VariableValues, faults: SettingFaults): ApiConfig['tls'] {
  const ca = readPem('LEADS_API_TLS_CA', values, faults);
  const pair = readKeyPair({ cert: 'LEADS_API_TLS_CERT', key: 'LEADS_API_TLS_KEY' }, values, faults);
  return { ...(ca === undefined ? {} : { ca }), ...pair };
}
