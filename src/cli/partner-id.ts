import type { PartnerDesk, PartnerOnDisk } from './partner-desk.ts';
import { UsageFault } from './usage-fault.ts';

/** An id as typed, for a config that may not be there yet. Throws a UsageFault. */
export function readPartnerId(id: string, desk: PartnerDesk): string {
  if (desk.isPartnerId(id)) return id;
  throw new UsageFault(`PARTNER: expected up to 63 of a-z, 0-9, _ and -, as in acme; got "${id}"`);
}

/** The config of an id as typed. Throws a UsageFault that names those there are. */
export function findPartner(id: string, desk: PartnerDesk): PartnerOnDisk {
  const configs = desk.configs();
  // acme.yml is a fault of its own and stands in nobody's place.
  const found = configs.find((config) => config.name === `${id}.yaml`) ?? configs.find((config) => config.id === id);
  if (found !== undefined) return found;
  const known = configs.map((config) => config.id).join(', ') || 'none';
  throw new UsageFault(`PARTNER: expected one of ${known}, in ${desk.folder}; got "${id}"`);
}
