import { describe, expect, it } from 'vitest';
import { textDamages } from '../../src/domain/damaged-text.ts';
import { readLeadRow } from '../../src/domain/read-lead-row.ts';
import { readUpdateRow } from '../../src/domain/read-update-row.ts';
import { altaLeadRules, aPartner } from './a-partner.ts';

describe('textDamages', () => {
  it.each([
    ['Mu\uFFFDoz', 'damaged'],
    ['Jos\0e', 'damaged'],
    ['5 \u0080', 'damaged'],
    ['MuÃ±oz', 'doubtful'],
    ['2Âª planta', 'doubtful'],
    ['MuÃ±oz \uFFFD', 'damaged'],
    ['#N/A', 'damaged'],
    [' #¡REF! ', 'damaged'],
    ['#¿NOMBRE?', 'damaged'],
    ['#DIV/0!', 'damaged'],
    ['#1234', undefined],
    ['#N/A-7', undefined],
    ['Muñoz', undefined],
    ['JOÃO', undefined],
    ['Linea 1\nLinea 2', undefined],
    ['', undefined],
  ])('finds %j %s', (cell, damage) => {
    expect(textDamages(['x', cell], { name: [1] })['name']).toBe(damage);
  });

  it('looks at what is mapped, and at every part of it', () => {
    expect(textDamages(['\uFFFD', 'Ana', '\0'], { name: [1], phone: [1, 2] })).toEqual({ phone: 'damaged' });
  });
});

describe('a row whose text was damaged before it came', () => {
  const columns = { partnerLeadId: [0], dni: [1], name: [2], phone: [3], email: [4], acceptTerms: [5] };
  const read = (over: Readonly<Record<number, string>>) => {
    const cells = ['T-1', '12345678Z', 'Ana Muñoz', '612345678', 'ana@example.org', 'sí'];
    for (const [at, text] of Object.entries(over)) cells[Number(at)] = text;
    return readLeadRow(cells, columns, aPartner(), altaLeadRules);
  };

  it('is rejected where the field matters, with all of its other problems', () => {
    expect(read({ 1: '12345678A', 2: 'Ana Mu\uFFFDoz' })).toMatchObject({
      kind: 'rejected',
      problems: [
        { code: 'ROW_NIF_INVALID', column: 'dni' },
        { code: 'ROW_TEXT_DAMAGED', column: 'name' },
      ],
    });
  });

  it('goes without a field that no lead is worth losing for', () => {
    expect(read({ 4: 'a\0na@example.org' })).toMatchObject({
      kind: 'lead',
      warnings: [{ code: 'ROW_FIELD_DROPPED', column: 'email' }],
    });
  });

  it('is told when its accents look wrong, and used', () => {
    expect(read({ 2: 'Ana MuÃ±oz' })).toMatchObject({
      kind: 'lead',
      fields: { name: 'Ana MuÃ±oz' },
      warnings: [{ code: 'ROW_TEXT_DOUBTFUL', column: 'name' }],
    });
  });

  it('gives no consent by what is left of a word', () => {
    expect(read({ 5: 's\0í' })).toMatchObject({
      kind: 'rejected',
      problems: [{ code: 'ROW_TEXT_DAMAGED', column: 'acceptTerms' }],
    });
  });

  it('sets no lead to another state', () => {
    const cells = ['T-1', '2\0', 'Llamado'];
    const update = readUpdateRow(cells, { partnerLeadId: [0], estado: [1], observacion: [2] }, aPartner());
    expect(update).toMatchObject({ kind: 'rejected', problems: [{ code: 'ROW_TEXT_DAMAGED', column: 'estado' }] });
  });
});
