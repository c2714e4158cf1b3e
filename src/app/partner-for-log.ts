import type { Ports } from './ports.ts';
import { noPartner } from './ports/folders.ts';

/** Only a name that we know: anybody's folder may be called like a person. */
export function partnerForLog({ partners }: Pick<Ports, 'partners'>, partner: string): string {
  const isKnown = partner === noPartner || partners.get(partner) !== null || partners.isBroken(partner);
  return isKnown ? partner : 'unknown';
}
