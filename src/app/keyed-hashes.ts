import { fold } from '../domain/fold.ts';
import { writePersonKey, type PersonKey } from '../domain/person-key.ts';
import type { Vault } from './ports/vault.ts';

/** A partner's own id of a lead, as the ledger finds it. Two partners' equal ids are different. */
export function macPartnerLeadId(vault: Vault, partner: string, partnerLeadId: string): string {
  return vault.mac('partnerLeadId', `${partner}\n${partnerLeadId}`);
}

/** A lead's identity, from the canonical text that reading a row gives. */
export function macIdentity(vault: Vault, partner: string, identity: string): string {
  return vault.mac('identity', `${partner}\n${identity}`);
}

/** What a row says, for telling a repeat from a correction. */
export function macContent(vault: Vault, content: string): string {
  return vault.mac('content', content);
}

/** The column names of a file, in order and folded: for telling that a header has changed without keeping it. */
export function macHeader(vault: Vault, partner: string, names: readonly string[]): string {
  return vault.mac('header', JSON.stringify([partner, ...names.map(fold)]));
}

/** What a person is looked up by: 64 bits, as the text of a signed number. A hit is a candidate: the row has to be looked at. */
export function tagPerson(vault: Vault, key: PersonKey): string {
  const [high = '', middle = '', low = ''] = vault.mac('person', writePersonKey(key)).split('-');
  return BigInt.asIntN(64, BigInt(`0x${high}${middle}${low}`)).toString();
}
