import { describe, expect, it } from 'vitest';
import type { FieldRule } from '../../src/domain/lead.ts';
import { readField } from '../../src/domain/read-field.ts';

const rule = (name: string, changes: Partial<FieldRule> = {}): FieldRule => ({
  name,
  required: false,
  maxLength: null,
  steering: false,
  values: null,
  ...changes,
});

describe("a partner's code table", () => {
  const offices = { 'Oficina Norte': '51245', 'Oficina Sur': '0000007' };

  it('translates its words for any field, before the field is read', () => {
    expect(readField(rule('agenteId', { maxLength: 7 }), 'oficina  norte', offices, 'reject')).toMatchObject({
      value: '0051245',
    });
    expect(readField(rule('campaign'), 'OT26', { OT26: 'otoño 2026' }, 'reject')).toMatchObject({
      value: 'otoño 2026',
    });
  });

  it('takes a listed code as it is, and answers any other with the words it knows', () => {
    expect(readField(rule('agenteId'), '51245', offices, 'reject')).toMatchObject({ value: '0051245' });
    expect(readField(rule('agenteId'), '0099999', offices, 'reject')).toEqual({
      kind: 'problem',
      problem: { code: 'ROW_CODE_UNKNOWN', column: 'agenteId', detail: { known: 'Oficina Norte, Oficina Sur' } },
    });
  });

  it('makes no code legal that the contract does not have', () => {
    const motivo = rule('motivoLlamada', { values: ['1', '2'] });
    expect(readField(motivo, 'Queja', { Queja: '3' }, 'reject')).toMatchObject({
      problem: { code: 'ROW_CODE_UNKNOWN' },
    });
  });
});

describe('a field of the contract that is true or false', () => {
  const field = rule('newsletter', { values: ['true', 'false'] });

  it.each([
    ['Sí', 'true'],
    ['yes', 'true'],
    ['FALSO', 'false'],
    ['n', 'false'],
    ['true', 'true'],
  ])('reads %s as %s', (word, value) => {
    expect(readField(field, word, undefined, 'reject')).toMatchObject({ kind: 'value', value });
  });

  it('takes no other word for either', () => {
    expect(readField(field, 'quizás', undefined, 'reject')).toMatchObject({
      problem: { code: 'ROW_CODE_UNKNOWN', detail: { known: 'true, false' } },
    });
  });
});
