import { createLeadsApi } from '../adapters/leads-api/leads-api-client.ts';
import type { Authentication } from '../adapters/leads-api/authentication.ts';
import type { LeadsApi } from '../app/ports/leads-api.ts';
import type { ApiConfig, AuthConfig, Config } from '../config/config.ts';
import { contractOf } from './contract-of.ts';
import { version } from './checkout.ts';

/** The client of the configured Leads API. In production an answer that our own sandbox marked is none. */
export function openApi(api: ApiConfig, environment: Config['environment']): LeadsApi {
  return createLeadsApi({
    url: api.url,
    contract: contractOf(api.version),
    endpoints: api.endpoints,
    auth: toAuthentication(api.auth),
    headers: api.headers,
    body: api.body,
    phoneFormat: api.phoneFormat,
    proxy: api.proxy,
    ko: api.ko,
    statuses: api.statuses,
    honoursIdempotencyKey: api.retryAmbiguous,
    refuseSandbox: environment === 'production',
    timeoutMs: api.timeoutMs,
    connections: api.concurrency,
    userAgent: `leadsync/${version}${api.contact === null ? '' : ` (${api.contact})`}`,
    ...api.tls,
  });
}

function toAuthentication(auth: AuthConfig): Authentication {
  if (auth.kind !== 'oauth2') return auth;
  const { scope, audience, ...rest } = auth;
  return { ...rest, ...(scope === null ? {} : { scope }), ...(audience === null ? {} : { audience }) };
}
