import { randomBytes, randomInt } from 'node:crypto';
import { InvalidArgumentError } from 'commander';
import { UsageFault } from '../../cli/usage-fault.ts';
import { defaultVersion } from '../../contract/index.ts';
import type { LeadsContract } from '../../contract/leads-contract.ts';
import { isLoopback } from '../../sandbox/authentication/loopback.ts';
import type { SandboxAuthentication } from '../../sandbox/authentication/sandbox-authentication.ts';
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
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly key?: string;
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
  const { auth: kind, clientId } = typed;
  const takesSecret = kind === 'basic' || kind === 'oauth2';
  if (typed.clientSecret !== undefined && !takesSecret) {
    throw new UsageFault('--client-secret: goes with --auth basic or --auth oauth2');
  }
  if (typed.key !== undefined && kind !== 'api-key') throw new UsageFault('--key: goes with --auth api-key');
  // A login that Basic can't carry.
  if (!/^[^:]+$/.test(clientId)) throw new UsageFault('--client-id: expected a text without a colon');
  const given = typed.clientSecret ?? typed.key;
  if (given !== undefined && !/^[!-~]+$/.test(given)) {
    throw new UsageFault(`${takesSecret ? '--client-secret' : '--key'}: expected ASCII text without spaces`);
  }
  const secret = given ?? randomBytes(18).toString('base64url');
  switch (kind) {
    case 'none':
      return { kind };
    case 'basic':
    case 'oauth2':
      return { kind, clientId, clientSecret: secret };
    case 'api-key':
      return { kind, clientId, key: secret };
  }
}

function readContract(version: string | undefined, contracts: Readonly<Record<string, LeadsContract>>): LeadsContract {
  const [, found] = Object.entries(contracts).find(([name]) => name === (version ?? defaultVersion)) ?? [];
  if (found !== undefined) return found;
  throw new UsageFault(`--contract: expected ${Object.keys(contracts).join(', ')}; got "${version ?? ''}"`);
}

/** Reads digits and nothing else: no sign, no 0x10, no 1e3, no blank. */
export function wholeNumber(max: number): (text: string) => number {
  return (text) => {
    if (/^\d{1,10}$/.test(text) && Number(text) <= max) return Number(text);
    throw new InvalidArgumentError(`Expected a whole number from 0 to ${max}.`);
  };
}
