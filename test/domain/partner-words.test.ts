import { describe, expect, it } from 'vitest';
import { leadFields } from '../../src/contract/leads-1.2.5/fields.ts';
import { faults, partnerText, type Fault, type FaultCode } from '../../src/domain/faults.ts';
import { readLeadRow } from '../../src/domain/read-lead-row.ts';
import { aPartner } from './a-partner.ts';

describe('what a partner is told', () => {
  it.each([
    ['ROW_FIELD_TOO_LONG', { column: 'name', max: 50 }, 'El nombre es demasiado largo (máximo 50 caracteres).'],
    ['ROW_FIELD_MISSING', { column: 'phone' }, 'Falta un dato obligatorio: el teléfono.'],
    ['ROW_FIELD_DROPPED', { column: 'refExt' }, 'El campo refExt no era válido y no se ha enviado.'],
    [
      'ROW_FIELD_REPAIRED',
      { column: 'postalcode', repair: 'leading_zeros' },
      'El código postal se ha corregido (con los ceros iniciales que faltaban).',
    ],
    [
      'ROW_CODE_UNKNOWN',
      { column: 'ramo', known: '' },
      'El producto no es un valor conocido. Valores conocidos: números.',
    ],
    ['FILE_COLUMNS_MISSING', { columns: 'dni, otra' }, 'Faltan columnas: el NIF (dni), otra.'],
  ] as const)('is Spanish, in words: %s', (code, values, text) => {
    expect(partnerText(code, 'es', values)).toBe(text);
  });

  it('is English where the config says so', () => {
    const values = { column: 'phone', repair: 'trunk_zero extension' };
    expect(partnerText('ROW_FIELD_REPAIRED', 'en', values)).toBe(
      'The phone number was repaired (without the leading zero, without the extension).',
    );
  });

  it('has a text in both languages for every code of a row', () => {
    const codes = Object.entries<Fault>(faults).filter(([code]) => code.startsWith('ROW_'));
    expect(codes.filter(([, { partner }]) => partner === undefined).map(([code]) => code)).toEqual([]);
  });

  it.each(['es', 'en'] as const)(
    'tells all problems and repairs of a row at once, no place left unfilled: %s',
    (language) => {
      const columns = Object.fromEntries(leadFields.map(({ name }, position) => [name, [position]]));
      const bad: Readonly<Record<string, string>> = {
        acceptTerms: 'quizás',
        partnerLeadId: '1,23E+15',
        dni: '12345678A',
        name: 'x'.repeat(60),
        phone: '12345',
        motivoLlamada: '3',
        ramo: 'Barco',
        agenteId: '123456789',
        email: 'nada',
        postalcode: '8014',
        campaign: 'x'.repeat(300),
      };
      const cells = leadFields.map(({ name }) => bad[name] ?? '');
      const read = readLeadRow(cells, columns, aPartner({ codes: { ramo: { coche: '1' } } }), leadFields);
      if (read.kind === 'lead') throw new Error('a row like that went through');
      expect(new Set(read.problems.map(({ column }) => column))).toEqual(
        new Set(['acceptTerms', 'agenteId', 'dni', 'motivoLlamada', 'name', 'partnerLeadId', 'phone', 'ramo']),
      );
      expect(read.warnings.map(({ column }) => column)).toEqual(['campaign', 'email', 'postalcode']);
      for (const { code, column = '', detail } of [...read.problems, ...read.warnings]) {
        const text = partnerText(code as FaultCode, language, { column, ...detail });
        expect(text).not.toMatch(/[{}]|leading_zeros/);
        expect(text).not.toContain('12345678A');
      }
    },
  );
});
