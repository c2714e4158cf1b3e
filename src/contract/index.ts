import { leads125 } from './leads-1.2.5/leads-1.2.5.ts';
import type { LeadsContract } from './leads-contract.ts';

/** Spoken where nobody asks for another; LEADS_API_VERSION defaults to the same. */
export const defaultVersion = '1.2.5';

/** Every version of the Leads Contract API that we speak; LEADS_API_VERSION chooses. */
export const contracts = {
  '1.2.5': leads125,
} as const satisfies Readonly<Record<string, LeadsContract>>;
