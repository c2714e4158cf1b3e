import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ownerOf, tellsOf, traceOfName } from '../../src/domain/person-traces.ts';
import type { PersonKey } from '../../src/domain/person-key.ts';
import { traceInBytes } from '../../src/domain/trace-in-bytes.ts';

const keys: readonly PersonKey[] = [
  { kind: 'nif', value: '87654321X' },
  { kind: 'phone', value: '612345679' },
  { kind: 'email', value: 'ana@example.es' },
];
const person = { keys, names: ['ana inventada'] };

describe('ownerOf', () => {
  it.each([
    [['CRM-1', '87.654.321-x', 'Ana'], 'person'],
    [['CRM-1', '', '+34 612 34 56 79'], 'person'],
    [['CRM-1', 'Llamar a ANA@Example.es'], 'person'],
    [['Su DNI: 87654321-X, llamar'], 'person'],
    [['CRM-1', '00000001R', '612345679'], 'another'],
    [['CRM-1', '00000001R', 'marido de 87654321X'], 'another'],
    [['CRM-1', '00000001R', '600000001'], 'nobody'],
    [['612345678'], 'nobody'],
  ] as const)('of %j: %s', (cells, owner) => {
    expect(ownerOf(cells, person)).toBe(owner);
  });

  it('knows a NIF whose zeros a spreadsheet has taken away', () => {
    const short = { keys: [{ kind: 'nif', value: '00000001R' }] } as const;
    expect(ownerOf(['CRM', '1R'], short)).toBe('person');
    expect(ownerOf(['CRM', '2W'], short)).toBe('nobody');
  });
});

describe('tellsOf', () => {
  it.each([
    ['leads-87654321X.csv', true],
    ['Ana Inventáda, nuevo.csv', true],
    ['612-345-679.csv', true],
    ['Susana Inventada.csv', false],
    ['hubspot-crm-exports-2026-11-03.csv', false],
  ])('%s: %s', (name, tells) => {
    expect(tellsOf(name, person)).toBe(tells);
  });

  it('knows people by first name and surname, and not by one word', () => {
    expect(traceOfName(' Ana  Inventada ')).toBe('ana inventada');
    expect([traceOfName('Ana'), traceOfName('A B')]).toEqual([null, null]);
  });
});

describe('traceInBytes', () => {
  const encodings = ['utf8', 'latin1', 'utf16le'] as const;
  const written = ['87.654.321-X', '+34 (612) 34-56-79', 'ANA@EXAMPLE.ES'];

  it.each(encodings)('sees what is there in %s, wherever the pieces end', (encoding) => {
    fc.assert(
      fc.property(
        fc.constantFrom(...written),
        fc.string(),
        fc.string(),
        fc.integer({ min: 1, max: 7 }),
        (value, before, after, size) => {
          const bytes = Buffer.from(`${before};${value};${after}`, encoding);
          const trace = traceInBytes(keys);
          let isSeen = false;
          for (let at = 0; at < bytes.length; at += size) isSeen = trace.take(bytes.subarray(at, at + size));
          return isSeen;
        },
      ),
      { numRuns: 300 },
    );
  });

  it('sees nothing in what has nothing of them', () => {
    const rows = Array.from(
      { length: 20_000 },
      (_, n) => `CRM-${n};${10_000_000 + n}T;6${String(n).padStart(8, '0')};a${n}@example.es`,
    );
    expect(traceInBytes(keys).take(Buffer.from(rows.join('\n')))).toBe(false);
  });

  it('sees an address that begins again within itself', () => {
    const twice = traceInBytes([{ kind: 'email', value: 'anana@x.es' }]);
    expect(twice.take(Buffer.from('ananana@x.es'))).toBe(true);
  });
});
