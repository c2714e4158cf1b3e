import { describe, expect, it } from 'vitest';
import { personKeysOf, readPersonKeys, writePersonKey } from '../../src/domain/person-key.ts';

const typed = (text: string) => readPersonKeys(text).map(writePersonKey);
const held = (fields: Record<string, string>, partnerLeadId: string | null = null) =>
  personKeysOf({ fields, partnerLeadId }).map(writePersonKey);

describe('readPersonKeys', () => {
  it.each([
    ['12.345.678-z', 'nif:12345678Z'],
    ['+34 612 34 56 78', 'phone:612345678'],
    ['+44 20 7946 0018', 'phone:+442079460018'],
    ['Ana.Ruiz@Example.ES', 'email:ana.ruiz@example.es'],
  ])('reads %s as rows hold it', (text, key) => {
    expect(typed(text)).toEqual([key]);
  });

  it.each(['', 'Ana Ruiz', 'CRM-2026-0042', '12345678A', '@'])('finds nobody by "%s"', (text) => {
    expect(typed(text)).toEqual([]);
  });
});

describe('personKeysOf', () => {
  it('names each of the three values that a row has, and no empty one', () => {
    expect(held({ dni: '12345678Z', phone: '612345678', email: 'ana@example.es', name: 'Ana' })).toEqual([
      'nif:12345678Z',
      'phone:612345678',
      'email:ana@example.es',
    ]);
    expect(held({ phone: '', name: 'Ana' })).toEqual([]);
  });

  it.each([
    ['12345678-Z', 'nif:12345678Z'],
    ['x1234567l', 'nif:X1234567L'],
    ['Ana@example.es', 'email:ana@example.es'],
  ])("finds the person in a partner's own id %s", (id, key) => {
    expect(held({}, id)).toEqual([key]);
    expect(personKeysOf({ partnerLeadId: id }).map(writePersonKey)).toEqual([key]);
  });

  it('takes no number of a CRM for somebody: nine digits, a short id that zeros would make a NIF, an entity', () => {
    for (const id of ['612345678', '1R', 'CRM-1R', 'B64717838', '00612345678']) expect(held({}, id)).toEqual([]);
  });

  it('names a value once that stands in two places', () => {
    expect(held({ dni: '12345678Z' }, '12345678Z')).toEqual(['nif:12345678Z']);
  });
});
