import { isLoopback } from '../../sandbox/authentication/loopback.ts';
import type { OAuth2Authentication } from '../../sandbox/authentication/sandbox-authentication.ts';
import { scenarios } from '../../sandbox/faults/scenarios.ts';
import type { ReadSandboxOptions } from './sandbox-options.ts';

/** What a sandbox that has been started says of itself: where to look, what it does, how to point leadsync at it. */
export function announceSandbox(url: string, options: ReadSandboxOptions): string {
  const { contract, authentication, seed, latencyMs } = options;
  const scenario = scenarios.find(({ name }) => name === options.scenario);
  const facts = [
    ['docs', `${url}/docs`],
    ['Ficha Gestión', `${url}/ficha-gestion`],
    ['OpenAPI', `${url}/openapi.json`],
    ['contract', contract.version],
    ['login', authentication.kind],
    ...loginFacts(authentication),
    ['scenario', `${options.scenario}: ${scenario?.does ?? ''}`],
    ...(scenario?.faults.length === 0 ? [] : [['seed', `${seed}`]]),
    ...(latencyMs === 0 ? [] : [['latency', `${latencyMs} ms`]]),
  ];
  return [
    `Leads API sandbox at ${url}`,
    ...facts.map(([name = '', value = '']) => `  ${name.padEnd(14)} ${value}`),
    '',
    'Point leadsync at it:',
    ...Object.entries(environment(url, options)).map(([name, value]) => `  ${name}=${quoted(value)}`),
    ...beyondThisMachine(options),
  ].join('\n');
}

function loginFacts(authentication: ReadSandboxOptions['authentication']): string[][] {
  const mayCall = authentication.kind === 'none' ? undefined : authentication.mayCall;
  const oauth2 = authentication.kind === 'oauth2' ? authentication : null;
  const life = oauth2?.tokenLifeSeconds;
  const needed = Object.entries(oauth2?.requiredScopes ?? {}).map(([endpoint, scope]) => `${endpoint}: ${scope}`);
  return [
    ...(mayCall === undefined ? [] : [['may call', mayCall.join(', ')]]),
    ...(life === undefined ? [] : [['token life', `${life} s`]]),
    ...(oauth2?.scopes === undefined ? [] : [['scopes', oauth2.scopes.join(' ')]]),
    ...(needed.length === 0 ? [] : [['needed scopes', needed.join(', ')]]),
  ];
}

function environment(url: string, { contract, authentication }: ReadSandboxOptions): Record<string, string> {
  const target = { LEADS_API_URL: url, LEADS_API_ENVIRONMENT: 'sandbox', LEADS_API_VERSION: contract.version };
  switch (authentication.kind) {
    case 'none':
      return target;
    case 'basic':
      return {
        ...target,
        LEADS_API_AUTH: 'basic',
        LEADS_API_CLIENT_ID: authentication.clientId,
        LEADS_API_CLIENT_SECRET: authentication.clientSecret,
      };
    case 'api-key':
      return { ...target, LEADS_API_AUTH: 'api-key', LEADS_API_KEY: authentication.key };
    case 'oauth2':
      return {
        ...target,
        LEADS_API_AUTH: 'oauth2',
        LEADS_API_TOKEN_URL: `${url}/oauth/token`,
        ...scopeToAskFor(authentication),
        LEADS_API_CLIENT_ID: authentication.clientId,
        LEADS_API_CLIENT_SECRET: authentication.clientSecret,
      };
  }
}

/** Where nothing limits what is granted, only what is asked for is: then a client has to ask. */
function scopeToAskFor({ scopes, requiredScopes = {} }: OAuth2Authentication): Record<string, string> {
  const needed = [...new Set(Object.values(requiredScopes))];
  return scopes !== undefined || needed.length === 0 ? {} : { LEADS_API_SCOPE: needed.join(' ') };
}

function beyondThisMachine({ host, port, authentication }: ReadSandboxOptions): readonly string[] {
  if (authentication.kind === 'none' || isLoopback(host)) return [];
  const secret = authentication.kind === 'api-key' ? 'key' : 'client secret';
  return [
    '',
    `It listens on ${host}, port ${port}, over plain http: for a test network, or behind a proxy with TLS.`,
    'From another machine leadsync needs LEADS_API_ALLOW_HTTP=true besides.',
    `The pages ask for ${authentication.clientId} and the ${secret}.`,
  ];
}

/** As a shell and an env file read it back. */
function quoted(value: string): string {
  return /^[\w.:/@%+-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;
}
