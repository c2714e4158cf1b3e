import type { Config } from '../config/config.ts';
import { contracts, defaultVersion } from '../contract/index.ts';
import type { LeadsContract } from '../contract/leads-contract.ts';
import { ConfigFault } from '../domain/config-fault.ts';

/** The contract of LEADS_API_VERSION. Throws a ConfigFault that names the versions there are. */
export function contractOf(version: string): LeadsContract {
  const known = Object.entries<LeadsContract>(contracts);
  const found = known.find(([name]) => name === version);
  if (found !== undefined) return found[1];
  const names = known.map(([name]) => name).join(', ');
  throw new ConfigFault('CONFIG_INVALID', `LEADS_API_VERSION: expected ${names}, found "${version}"`);
}

/** The contract of the configured API; without one, of the version that the variable defaults to. */
export function contractInForce(config: Config): LeadsContract {
  return contractOf(config.api?.version ?? defaultVersion);
}
