import fc from 'fast-check';
import type { LeadsContract } from '../../src/contract/leads-contract.ts';
import { contracts } from '../../src/contract/index.ts';
import type { FieldRule } from '../../src/domain/lead.ts';
import { readLeadRow } from '../../src/domain/read-lead-row.ts';
import { aPartner } from '../domain/a-partner.ts';

/** "(max n cc)" of the specification, written down here a second time on purpose; null where it states none. */
export const specifiedLimits: Readonly<Record<string, number | null>> = {
  leadOrigin: 25,
  partnerLeadId: 45,
  parametersURL: 999,
  partner: 255,
  trafficSource: 255,
  campaign: 255,
  agenteId: 7,
  email: 50,
  name: 50,
  origen: 20,
  refExt: 20,
  tresAgentes: 0,
  reference: null,
  canal: null,
  idLanding: null,
};

/** A whole row, synthetic. Nothing in it is near a limit. */
const row: Readonly<Record<string, string>> = {
  acceptTerms: 'true',
  agenteId: '0051245',
  dni: '12345601Y',
  motivoLlamada: '1',
  name: 'Nadie Ninguno',
  partnerLeadId: 'crm-1',
  phone: '600000000',
};

/** Whether a side lets a value of a field through. */
type Side = (name: string, value: string) => boolean;

/** The client's side: whether the row's field goes out as the row says it. A row that is rejected sends nothing of it. */
export const clientSide =
  (rules: readonly FieldRule[]): Side =>
  (name, value) => {
    const cells = { ...row, [name]: value };
    const columns = Object.fromEntries(Object.keys(cells).map((field, position) => [field, [position]]));
    const read = readLeadRow(Object.values(cells), columns, aPartner(), rules);
    return read.kind === 'lead' && read.fields[name] === value.normalize('NFC');
  };

/** The sandbox's side. The body is written here: the client's half must not shorten or drop anything. */
export const sandboxSide =
  (contract: LeadsContract): Side =>
  (name, value) => {
    const wireName = contract.leadFields.find((field) => field.name === name)?.wireName ?? name;
    return contract.fromRequest.altaLead({ ...contract.toRequest.altaLead(row), [wireName]: value }).success;
  };

/** Characters of one, two and more bytes, inside and outside the basic plane, composed and not. No digits: they are ids. */
const letter = fc.constantFrom('a', 'Z', 'ñ', 'é', 'ü', 'ç', '𝒶', '好', 'é'.normalize('NFD'), 'ñ'.normalize('NFD'));

/** A value of exactly so many characters that is right but for its length. */
function valueOf(name: string, length: number): fc.Arbitrary<string> {
  const of = (one: fc.Arbitrary<string>, count: number) =>
    fc.array(one, { minLength: count, maxLength: count }).map((parts) => parts.join(''));
  if (name === 'agenteId') return of(fc.constantFrom(...'0123456789'), length);
  if (name !== 'email') return of(letter, length);
  const host = '@example.com';
  return of(fc.constantFrom('a', 'b', 'z', '_'), length - host.length).map((local) => local + host);
}

/** The lengths at which a side departs from the specification: at the limit it lets through, one character over it not. */
export function departures(side: Side, name: string): readonly number[] {
  const limit = specifiedLimits[name] ?? null;
  const lengths = limit === null ? [500, 5_000] : limit === 0 ? [1] : [limit, limit + 1];
  return lengths.filter((length) => {
    const isLegal = limit === null || length <= limit;
    const property = fc.property(valueOf(name, length), (value) => side(name, value) === isLegal);
    return fc.check(property, { numRuns: 25 }).failed;
  });
}

/** `client name` and `sandbox name` for every field with departures. */
export function departuresOf(contract: LeadsContract): readonly string[] {
  const sides = { client: clientSide(contract.leadFields), sandbox: sandboxSide(contract) };
  return Object.entries(sides).flatMap(([of, side]) =>
    Object.keys(specifiedLimits)
      .filter((name) => departures(side, name).length > 0)
      .map((name) => `${of} ${name}`),
  );
}

if (import.meta.main) process.stdout.write(`${departuresOf(contracts['1.2.5']).join('\n')}\n`);
