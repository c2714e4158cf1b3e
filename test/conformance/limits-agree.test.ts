import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contracts } from '../../src/contract/index.ts';
import type { LeadsContract } from '../../src/contract/leads-contract.ts';
import type { FieldRule } from '../../src/domain/lead.ts';
import { readLeadRow } from '../../src/domain/read-lead-row.ts';
import { aPartner } from '../domain/a-partner.ts';

const contract: LeadsContract = contracts['1.2.5'];

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

/** Whether the row's field goes out as the row says it. A row that is rejected sends nothing of it. */
function isSent(rules: readonly FieldRule[], name: string, cell: string): boolean {
  const cells = { ...row, [name]: cell };
  const columns = Object.fromEntries(Object.keys(cells).map((field, position) => [field, [position]]));
  const read = readLeadRow(Object.values(cells), columns, aPartner(), rules);
  return read.kind === 'lead' && read.fields[name] === cell.normalize('NFC');
}

/** Whether the server's half takes the field. The body is written here: the client's half must not shorten or drop anything. */
function isTaken(server: LeadsContract, name: string, value: string): boolean {
  const legal = server.toRequest.altaLead(row);
  const wireName = server.leadFields.find((field) => field.name === name)?.wireName ?? name;
  return server.fromRequest.altaLead({ ...legal, [wireName]: value.normalize('NFC') }).success;
}

/** Characters of one, two and more bytes, inside and outside the basic plane, composed and not. No digits: they are ids. */
const letter = fc.constantFrom('a', 'Z', 'ñ', 'é', 'ü', 'ç', '𝒶', '好', 'é'.normalize('NFD'), 'ñ'.normalize('NFD'));

const lettersOf = (length: number) =>
  fc.array(letter, { minLength: length, maxLength: length }).map((letters) => letters.join(''));

/** A value of exactly so many characters that is right but for its length. */
function valueOf(name: string, length: number): fc.Arbitrary<string> {
  if (name === 'agenteId') {
    return fc
      .array(fc.constantFrom(...'0123456789'), { minLength: length, maxLength: length })
      .map((digits) => digits.join(''));
  }
  if (name !== 'email') return lettersOf(length);
  const host = '@example.com';
  return fc
    .array(fc.constantFrom('a', 'b', 'z', '_'), { minLength: length - host.length, maxLength: length - host.length })
    .map((local) => local.join('') + host);
}

/** Looks at a field at the row rules' limit and one character over it; null where both halves say the same. */
function disagreement(rules: readonly FieldRule[], server: LeadsContract, name: string): string | null {
  const limit = rules.find((rule) => rule.name === name)?.maxLength ?? null;
  const lengths = limit === null ? [500, 5_000] : limit === 0 ? [1] : [limit, limit + 1];
  for (const length of lengths) {
    const shouldBeSent = limit === null || length <= limit;
    const details = fc.check(
      fc.property(valueOf(name, length), (value) => {
        const sent = isSent(rules, name, value);
        return sent === shouldBeSent && isTaken(server, name, value) === sent;
      }),
      { numRuns: 25 },
    );
    if (details.failed) return `${name} disagrees at ${length}`;
  }
  return null;
}

const limited = contract.leadFields.filter(({ maxLength }) => maxLength !== null).map(({ name }) => name);
const unlimited = ['reference', 'canal', 'idLanding'];

function changed<F extends FieldRule>(rules: readonly F[], name: string, by: number): F[] {
  return rules.map((rule) => (rule.name === name ? { ...rule, maxLength: (rule.maxLength ?? 0) + by } : rule));
}

/** The same server with another limit for one field. */
function serverWith(name: string, by: number): LeadsContract {
  const limit = (contract.leadFields.find((field) => field.name === name)?.maxLength ?? 0) + by;
  return {
    ...contract,
    fromRequest: {
      ...contract.fromRequest,
      altaLead(body) {
        const { [name]: value = '', ...rest } = body as Readonly<Record<string, string>>;
        if ([...value].length > limit) return contract.fromRequest.altaLead({});
        // Left out, or the real limit would be in force beside this one.
        const required = contract.leadFields.find((field) => field.name === name)?.required === true;
        return contract.fromRequest.altaLead(required ? { ...rest, [name]: row[name] } : rest);
      },
    },
  };
}

describe('what a row may send and what the sandbox takes', () => {
  test.each(limited)('agree on the limit of %s, and one character over it', (name) => {
    expect(disagreement(contract.leadFields, contract, name)).toBeNull();
  });

  test.each(unlimited)('agree that %s has no limit', (name) => {
    expect(disagreement(contract.leadFields, contract, name)).toBeNull();
  });

  test.each(
    limited.filter((name) => name !== 'tresAgentes').flatMap((name) => [[name, 1] as const, [name, -1] as const]),
  )('would be caught where the limit of %s differs by %d on one side alone', (name, by) => {
    expect(disagreement(changed(contract.leadFields, name, by), contract, name)).not.toBeNull();
    expect(disagreement(contract.leadFields, serverWith(name, by), name)).not.toBeNull();
  });

  test('every limit of the specification is looked at', () => {
    expect(limited).toHaveLength(12);
  });
});
