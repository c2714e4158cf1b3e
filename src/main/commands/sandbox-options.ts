import { randomBytes, randomInt } from 'node:crypto';
import { InvalidArgumentError } from 'commander';
import { UsageFault } from '../../cli/usage-fault.ts';
import { defaultVersion } from '../../contract/index.ts';
import type { LeadsContract } from '../../contract/leads-contract.ts';
import { isLoopback } from '../../sandbox/authentication/loopback.ts';
import { calledEndpoints } from '../../sandbox/authentication/sandbox-authentication.ts';
import type { CalledEndpoint, SandboxAuthentication } from '../../sandbox/authentication/sandbox-authentication.ts';
import type { SandboxOptions } from '../../sandbox/start-sandbox.ts';

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
  if (kind !== 'oauth2') expectNone(typed, ['tokenLife', 'expiresInAsText'], '--auth oauth2');
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
      };
  }
}

/** What would be left aside without a word. */
function expectNone(typed: TypedSandboxOptions, options: readonly (keyof TypedSandboxOptions)[], needed: string): void {
  const given = options.find((option) => typed[option] !== undefined);
  if (given === undefined) return;
  throw new UsageFault(`--${given.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: goes with ${needed}`);
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

/** Reads digits and nothing else: no sign, no 0x10, no 1e3, no blank. */
export function wholeNumber(max: number, min = 0): (text: string) => number {
  return (text) => {
    if (/^\d{1,10}$/.test(text) && Number(text) <= max && Number(text) >= min) return Number(text);
    throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
  };
}
