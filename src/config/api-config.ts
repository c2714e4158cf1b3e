import type { ApiConfig, AuthConfig } from './config.ts';
import type { Reader } from './read-variable.ts';
import type { VariableName } from './variables.ts';

/** The LEADS_API_* variables, or null without LEADS_API_URL. Faults go to the reader. */
export function readApi(read: Reader): ApiConfig | null {
  const url = read.url('LEADS_API_URL', ['https:', 'http:']);
  if (url === null) return null;
  const environment = read.text('LEADS_API_ENVIRONMENT');
  if (environment === null) read.fault('LEADS_API_ENVIRONMENT', 'sandbox, test or production, since LEADS_API_URL is set', 'nothing');
  const { protocol, hostname } = new URL(url);
  if (protocol === 'http:' && !isLoopback(hostname)) {
    read.fault('LEADS_API_URL', 'https:// for any host but this one: personal data travels to it', `http://${hostname}`);
  }
  const ca = read.fileAt('LEADS_API_TLS_CA');
  const cert = read.fileAt('LEADS_API_TLS_CERT');
  const key = read.fileAt('LEADS_API_TLS_KEY');
  return {
    url,
    environment: read.oneOf('LEADS_API_ENVIRONMENT', ['sandbox', 'test', 'production'], 'test'),
    version: read.oneOf('LEADS_API_VERSION', ['1.2.5'], '1.2.5'),
    endpoints: {
      clientData: readEndpoint(read, 'LEADS_API_CLIENT_DATA', 'POST /client-data'),
      altaLead: readEndpoint(read, 'LEADS_API_ALTA_LEAD', 'POST /alta-lead'),
      updateLead: readEndpoint(read, 'LEADS_API_UPDATE_LEAD', 'POST /update-lead'),
    },
    auth: readAuth(read),
    headers: read.texts('LEADS_API_HEADERS'),
    body: read.oneOf('LEADS_API_BODY', ['json', 'form'], 'json'),
    phoneFormat: read.oneOf('LEADS_API_PHONE_FORMAT', ['national', 'e164'], 'national'),
    timeoutMs: read.wholeNumber('LEADS_API_TIMEOUT_MS', 15_000, { min: 100 }),
    sendBudgetMs: read.wholeNumber('LEADS_API_SEND_BUDGET_MS', 5_000, { min: 50 }),
    ratePerSecond: read.wholeNumber('LEADS_API_RATE_PER_SECOND', 10, { min: 0 }),
    concurrency: read.wholeNumber('LEADS_API_CONCURRENCY', 4, { min: 1 }),
    contact: read.text('LEADS_API_CONTACT'),
    tls: {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    },
  };
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname);
}

function readEndpoint(read: Reader, name: VariableName, fallback: string): { readonly method: string; readonly path: string } {
  const value = read.text(name) ?? fallback;
  const [, method, path] = /^(GET|POST|PUT|PATCH) (\/\S*)$/.exec(value) ?? [];
  if (method !== undefined && path !== undefined) return { method, path };
  read.fault(name, 'a method and a path, such as "POST /leads"', `"${value}"`);
  return { method: 'POST', path: '/' };
}

function readAuth(read: Reader): AuthConfig {
  const kind = read.oneOf('LEADS_API_AUTH', ['none', 'basic', 'api-key', 'oauth2'], 'none');
  const required = (name: VariableName): string => {
    const value = read.text(name);
    if (value === null) read.fault(name, `a value, since LEADS_API_AUTH is ${kind}`, 'nothing');
    return value ?? '';
  };
  switch (kind) {
    case 'none':
      return { kind };
    case 'basic':
      return { kind, user: required('LEADS_API_CLIENT_ID'), password: required('LEADS_API_CLIENT_SECRET') };
    case 'api-key':
      return { kind, key: required('LEADS_API_KEY'), header: read.text('LEADS_API_KEY_HEADER') ?? 'X-API-Key' };
    case 'oauth2':
      required('LEADS_API_TOKEN_URL');
      return {
        kind,
        tokenUrl: read.url('LEADS_API_TOKEN_URL', ['https:', 'http:']) ?? '',
        clientId: required('LEADS_API_CLIENT_ID'),
        clientSecret: required('LEADS_API_CLIENT_SECRET'),
        credentials: read.oneOf('LEADS_API_TOKEN_CREDENTIALS', ['header', 'body'], 'header'),
        scope: read.text('LEADS_API_SCOPE'),
        audience: read.text('LEADS_API_AUDIENCE'),
        params: read.texts('LEADS_API_TOKEN_PARAMS'),
      };
  }
}
