import { describe, expect, it } from 'vitest';
import { leadFields } from '../../src/contract/leads-1.2.5/fields.ts';
import { judgePartner } from '../../src/domain/judge-partner.ts';
import { aPartner } from './a-partner.ts';

const judge = (changes: Parameters<typeof aPartner>[0]) => judgePartner(aPartner(changes), leadFields);

describe('judgePartner', () => {
  it('has no doubt about a plain config', () => {
    expect(judge({ defaults: { motivoLlamada: '1', campaign: 'otoño', estado: '5' } })).toEqual([]);
  });

  it.each([
    ['motivoLlamada', '3'],
    ['campaign', 'x'.repeat(256)],
    ['ramo', 'Coche'],
    ['estado', 'Cerrado'],
    ['acceptTerms', 'quizás'],
    ['tresAgentes', 'x'],
  ])('doubts a constant that the contract does not take: %s', (field, value) => {
    expect(judge({ defaults: { [field]: value } })).toContainEqual({ kind: 'default_not_legal', field, value });
  });

  it('doubts codes that the contract does not take, and no others', () => {
    const codes = { ramo: { coche: '1', hogar: 'H' }, motivoLlamada: { ayuda: '2', queja: '3' }, estado: { fin: 'x' } };
    expect(judge({ codes })).toEqual([
      { kind: 'code_not_legal', field: 'ramo', word: 'hogar', code: 'H' },
      { kind: 'code_not_legal', field: 'motivoLlamada', word: 'queja', code: '3' },
      { kind: 'code_not_legal', field: 'estado', word: 'fin', code: 'x' },
    ]);
  });

  it('points at a consent that nobody has said', () => {
    expect(judge({ defaults: { acceptTerms: 'sí' } })).toEqual([{ kind: 'constant_consent' }]);
  });

  it('misses an agent where no rule, column or constant names one', () => {
    const agent = { default: null, byPostalCode: {}, fromCheck: 'always' } as const;
    expect(judge({ agent })).toEqual([{ kind: 'no_agent' }]);
    expect(judge({ agent, columns: { agenteId: { headers: ['Agente'] } } })).toEqual([]);
    expect(judge({ agent: { ...agent, byPostalCode: { '08014': '0051245' } } })).toEqual([]);
  });

  it('doubts two kinds of files under one pattern', () => {
    expect(judge({ files: { mixed: null, leads: { match: '*.csv' }, updates: { match: '*.csv' } } })).toEqual([
      { kind: 'same_pattern', kinds: ['leads', 'updates'] },
    ]);
  });

  it('doubts a word that is said to make no update and has a code', () => {
    const updates = { ...aPartner().updates, initial: ['nuevo', 'abierto'] };
    expect(judge({ updates, codes: { estado: { nuevo: '1' } } })).toEqual([
      { kind: 'initial_has_code', word: 'nuevo' },
    ]);
  });
});
