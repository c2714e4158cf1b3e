import { readEmail } from './email.ts';
import { readNif } from './nif.ts';
import { readPhone } from './phone.ts';

/** One way to tell who a row is about: a value in the normal form in which rows hold it. */
export interface PersonKey {
  readonly kind: 'nif' | 'phone' | 'email';
  readonly value: string;
}

/** What a row says of a person, as its payload holds it. */
export interface PersonValues {
  /** Absent in status updates. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly partnerLeadId: string | null;
}

/** What a text that somebody typed may be: usually one key, none where it is no NIF, phone or e-mail at all. */
export function readPersonKeys(text: string): readonly PersonKey[] {
  const nif = readNif(text);
  const phone = readPhone(text);
  const email = readEmail(text);
  return [
    ...(nif.kind === 'nif' ? [{ kind: 'nif', value: nif.nif } as const] : []),
    ...(phone.kind === 'phone' ? [{ kind: 'phone', value: phone.phone } as const] : []),
    ...(email.kind === 'email' ? [{ kind: 'email', value: email.email } as const] : []),
  ];
}

const fieldOf = { nif: 'dni', phone: 'phone', email: 'email' } as const;
const kinds = ['nif', 'phone', 'email'] as const;

/** By what a row can be found. Never empty texts: whoever has no e-mail is not everybody without one. */
export function personKeysOf({ fields = {}, partnerLeadId }: PersonValues): readonly PersonKey[] {
  const keys: PersonKey[] = [];
  for (const kind of kinds) {
    const value = fields[fieldOf[kind]] ?? '';
    if (value !== '') keys.push({ kind, value });
  }
  const own = partnerLeadId === null ? null : keyInOwnId(partnerLeadId);
  if (own !== null && !keys.some((key) => isSameKey(key, own))) keys.push(own);
  return keys;
}

export function isSameKey(one: PersonKey, other: PersonKey): boolean {
  return one.kind === other.kind && one.value === other.value;
}

/** The text that is hashed. */
export function writePersonKey({ kind, value }: PersonKey): string {
  return `${kind}:${value}`;
}

/**
 * Partners use NIFs and e-mail addresses as ids. Phone numbers, too, but nine digits are a number of a CRM as well, which
 * would be somebody else's phone.
 */
function keyInOwnId(id: string): PersonKey | null {
  if (id.includes('@')) {
    const read = readEmail(id);
    return read.kind === 'email' ? { kind: 'email', value: read.email } : null;
  }
  // Shorter ones are filled up with zeros, and one in 23 of all ids would be a NIF.
  if (!/\p{L}\W*$/u.test(id) || id.replaceAll(/\W/g, '').length < 9) return null;
  const read = readNif(id);
  return read.kind === 'nif' && (read.nifKind === 'dni' || read.nifKind === 'nie')
    ? { kind: 'nif', value: read.nif }
    : null;
}
