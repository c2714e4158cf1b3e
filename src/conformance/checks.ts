import type { LeadsContract } from '../contract/leads-contract.ts';
import type { Check } from './check.ts';
import { altaLead } from './checks/alta-lead.ts';
import { authentication } from './checks/authentication.ts';
import { clientData } from './checks/client-data.ts';
import { latency } from './checks/latency.ts';
import { limits } from './checks/limits.ts';
import { reachability } from './checks/reachability.ts';
import { repeatedCreate } from './checks/repeated-create.ts';
import { updateLead } from './checks/update-lead.ts';

/** The checks that create nothing and, with `write`, those that create leads and update them. In the order in which they run. */
export function checksOf(contract: LeadsContract, { write }: { readonly write: boolean }): readonly Check[] {
  const writing = [...altaLead(contract), ...limits(contract), ...repeatedCreate, ...updateLead];
  return [...reachability, ...authentication, ...clientData, ...(write ? writing : []), ...latency];
}
