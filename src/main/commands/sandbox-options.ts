import { randomBytes, randomInt } from 'node:crypto';
import { InvalidArgumentError } from 'commander';
import { UsageFault } from '../../cli/usage-fault.ts';
import { defaultVersion } from '../../contract/index.ts';
import type { LeadsContract } from '../../contract/leads-contract.ts';
import { isLoopback } from '../../sandbox/authentication/loopback.ts';
import { isScope } from '../../sandbox/authentication/token-endpoint.ts';
import { calledEndpoints } from '../../sandbox/authentication/sandbox-authentication.ts';
import type {
  CalledEndpoint,
  OAuth2Authentication,
  SandboxAuthentication,
} from '../../sandbox/authentication/sandbox-authentication.ts';
import type { SandboxOptions } from '../../sandbox/start-sandbox.ts';

type RequiredScopes = NonNullable<OAuth2Authentication['requiredScopes']>;

export const authenticationModes = [
  'none',
  'basic',
  'api-key',
  'oauth2',
] as const satisfies readonly SandboxAuthentication['kind'][];

/** The options of `leadsync sandbox` as commander hands them over. */
export interface TypedSandboxOptions {
  readonly port: number;
  readonly host: string;
  readonly scenario: string;
  readonly seed?: number;
  readonly latency: number;
  readonly auth: SandboxAuthentication['kind'];
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly key?: string;
  readonly mayCall?: readonly CalledEndpoint[];
  readonly tokenLife?: number;
  readonly expiresInAsText?: true;
  readonly scopes?: readonly string[];
  readonly requireScope?: RequiredScopes;
  readonly contract?: string;
}

/** What the sandbox is started with; nothing is left to a default, so that all of it can be told. */
export type ReadSandboxOptions = Required<
  Pick<SandboxOptions, 'port' | 'host' | 'contract' | 'authentication'> & {
    scenario: string;
    seed: number;
    latencyMs: number;
  }
>;

/** Makes the seed and the secrets that were not given. Throws a UsageFault for what does not go together. */
export function readSandboxOptions(
  typed: TypedSandboxOptions,
  contracts: Readonly<Record<string, LeadsContract>>,
): ReadSandboxOptions {
  const { port, host, scenario, latency: latencyMs } = typed;
  if (typed.auth === 'none' && !isLoopback(host)) {
    throw new UsageFault(`--host: without --auth the sandbox listens on this machine only; got "${host}"`);
  }
  return {
    port,
    host,
    scenario,
    latencyMs,
    seed: typed.seed ?? randomInt(2 ** 32),
    authentication: readAuthentication(typed),
    contract: readContract(typed.contract, contracts),
  };
}

function readAuthentication(typed: TypedSandboxOptions): SandboxAuthentication {
  const { auth: kind, clientId = 'leadsync', mayCall, tokenLife, expiresInAsText } = typed;
  const takesSecret = kind === 'basic' || kind === 'oauth2';
  if (typed.clientSecret !== undefined && !takesSecret) {
    throw new UsageFault('--client-secret: goes with --auth basic or --auth oauth2');
  }
  if (typed.key !== undefined && kind !== 'api-key') throw new UsageFault('--key: goes with --auth api-key');
  if (kind === 'none') expectNone(typed, ['clientId', 'mayCall'], '--auth');
  if (kind !== 'oauth2') expectNone(typed, ['tokenLife', 'expiresInAsText', 'scopes', 'requireScope'], '--auth oauth2');
  expectGranted(typed);
  // A login that Basic can't carry.
  if (!/^[^:]+$/.test(clientId)) throw new UsageFault('--client-id: expected a text without a colon');
  const given = typed.clientSecret ?? typed.key;
  if (given !== undefined && !/^[!-~]+$/.test(given)) {
    throw new UsageFault(`${takesSecret ? '--client-secret' : '--key'}: expected ASCII text without spaces`);
  }
  const client = { clientId, ...(mayCall === undefined ? {} : { mayCall }) };
  const secret = given ?? randomBytes(18).toString('base64url');
  switch (kind) {
    case 'none':
      return { kind };
    case 'basic':
      return { kind, ...client, clientSecret: secret };
    case 'api-key':
      return { kind, ...client, key: secret };
    case 'oauth2':
      return {
        kind,
        ...client,
        clientSecret: secret,
        ...(tokenLife === undefined ? {} : { tokenLifeSeconds: tokenLife }),
        ...(expiresInAsText === undefined ? {} : { expiresInAsText }),
        ...(typed.scopes === undefined ? {} : { scopes: typed.scopes }),
        ...(typed.requireScope === undefined ? {} : { requiredScopes: typed.requireScope }),
      };
  }
}

/** What would be left aside without a word. */
function expectNone(typed: TypedSandboxOptions, options: readonly (keyof TypedSandboxOptions)[], needed: string): void {
  const given = options.find((option) => typed[option] !== undefined);
  if (given === undefined) return;
  throw new UsageFault(`--${given.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: goes with ${needed}`);
}

/** A scope that is needed and that nobody is granted would lock every client out. */
function expectGranted({ scopes, requireScope = {} }: TypedSandboxOptions): void {
  if (scopes === undefined) return;
  const lacking = Object.values(requireScope).find((scope) => !scopes.includes(scope));
  if (lacking !== undefined) throw new UsageFault(`--require-scope: "${lacking}" is not among --scopes`);
}

function readContract(version: string | undefined, contracts: Readonly<Record<string, LeadsContract>>): LeadsContract {
  const [, found] = Object.entries(contracts).find(([name]) => name === (version ?? defaultVersion)) ?? [];
  if (found !== undefined) return found;
  throw new UsageFault(`--contract: expected ${Object.keys(contracts).join(', ')}; got "${version ?? ''}"`);
}

/** Reads endpoints with commas between them. */
export function endpoints(text: string): readonly CalledEndpoint[] {
  const read = text.split(',').map((name) => calledEndpoints.find((endpoint) => endpoint === name.trim()));
  if (read.every((endpoint) => endpoint !== undefined)) return read;
  throw new InvalidArgumentError(`Expected some of ${calledEndpoints.join(',')}.`);
}

/** Reads scopes with commas between them. */
export function scopes(text: string): readonly string[] {
  const read = text.split(',').map((scope) => scope.trim());
  if (read.every(isScope)) return [...new Set(read)];
  throw new InvalidArgumentError(
    'Expected scopes with commas between them: ASCII without spaces, quotes, backslashes.',
  );
}

/** Reads one `endpoint=scope` after another, onto those that were read before. */
export function requiredScope(text: string, before: RequiredScopes = {}): RequiredScopes {
  const [name = '', ...rest] = text.split('=');
  const endpoint = calledEndpoints.find((one) => one === name.trim());
  const scope = rest.join('=').trim();
  if (endpoint === undefined || !isScope(scope)) {
    throw new InvalidArgumentError(`Expected ENDPOINT=SCOPE, with one of ${calledEndpoints.join(', ')}.`);
  }
  if (before[endpoint] !== undefined)
    throw new InvalidArgumentError(`An endpoint needs one scope; ${endpoint} has two.`);
  return { ...before, [endpoint]: scope };
}

/** Reads digits and nothing else: no sign, no 0x10, no 1e3, no blank. */
export function wholeNumber(max: number, min = 0): (text: string) => number {
  return (text) => {
    if (/^\d{1,10}$/.test(text) && Number(text) <= max && Number(text) >= min) return Number(text);
    throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
  };
}
