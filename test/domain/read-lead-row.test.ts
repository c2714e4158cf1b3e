import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Partner } from '../../src/domain/partner.ts';
import { readLeadRow } from '../../src/domain/read-lead-row.ts';
import { altaLeadRules, aPartner } from './a-partner.ts';

const good: Readonly<Record<string, string>> = {
  partnerLeadId: 'HS-1',
  dni: '12345678Z',
  name: 'María José Núñez',
  phone: '612345678',
  acceptTerms: 'Sí',
};

function read(values: Readonly<Record<string, string>>, partner: Partner = aPartner()) {
  const names = Object.keys(values);
  const columns = Object.fromEntries(names.map((name, position) => [name, [position]]));
  return readLeadRow(Object.values(values), columns, partner, altaLeadRules);
}

function problemsOf(values: Readonly<Record<string, string>>, partner?: Partner): readonly string[] {
  const row = read(values, partner);
  return row.kind === 'rejected' ? row.problems.map(({ code, column }) => `${code} ${column}`) : [];
}

function identityOf(values: Readonly<Record<string, string>>, partner?: Partner): string | null {
  const row = read(values, partner);
  return row.kind === 'lead' ? row.identity : null;
}

describe('readLeadRow', () => {
  it('normalises what the contract asks for', () => {
    const row = read(
      {
        ...good,
        dni: '1234567-l',
        phone: '+34 612 34 56 78',
        email: 'Ana@Example.ORG',
        postalcode: '8014',
        agenteId: '51245',
        ramo: 'Coche',
      },
      aPartner({
        codes: { ramo: { coche: '1' } },
        defaults: { motivoLlamada: '1', campaign: 'otoño', partner: 'Acme' },
      }),
    );
    expect(row).toMatchObject({
      kind: 'lead',
      partnerLeadId: 'HS-1',
      fields: {
        partnerLeadId: 'HS-1',
        dni: '01234567L',
        name: 'María José Núñez',
        phone: '612345678',
        email: 'ana@example.org',
        postalcode: '08014',
        agenteId: '0051245',
        ramo: '1',
        motivoLlamada: '1',
        campaign: 'otoño',
        partner: 'Acme',
        acceptTerms: 'true',
      },
    });
    expect(row.warnings.map(({ code, column }) => `${code} ${column}`)).toEqual([
      'ROW_FIELD_REPAIRED agenteId',
      'ROW_FIELD_REPAIRED dni',
      'ROW_FIELD_REPAIRED postalcode',
    ]);
  });

  it('reports every problem at once, consent first', () => {
    expect(
      problemsOf({
        partnerLeadId: '1,2E+16',
        dni: '12345678A',
        name: '',
        phone: '123',
        acceptTerms: '',
        agenteId: 'x',
      }),
    ).toEqual([
      'ROW_CONSENT_MISSING acceptTerms',
      'ROW_ID_PRECISION_LOST partnerLeadId',
      'ROW_AGENT_INVALID agenteId',
      'ROW_NIF_INVALID dni',
      'ROW_FIELD_MISSING name',
      'ROW_PHONE_INVALID phone',
    ]);
  });

  it.each([
    ['no', 'ROW_CONSENT_REFUSED acceptTerms'],
    ['', 'ROW_CONSENT_MISSING acceptTerms'],
    ['quizá', 'ROW_CONSENT_UNREADABLE acceptTerms'],
  ])('rejects a consent of %j', (acceptTerms, problem) => {
    expect(problemsOf({ ...good, acceptTerms })).toEqual([problem]);
  });

  it('sends a refusal only where the config says so, and nothing unreadable ever', () => {
    const partner = aPartner({ consent: { ...aPartner().consent, onRefused: 'send', onBlank: 'refused' } });
    expect(read({ ...good, acceptTerms: 'no' }, partner)).toMatchObject({ fields: { acceptTerms: 'false' } });
    expect(read({ ...good, acceptTerms: '' }, partner)).toMatchObject({ fields: { acceptTerms: 'false' } });
    expect(problemsOf({ ...good, acceptTerms: 'quizá' }, partner)).toEqual(['ROW_CONSENT_UNREADABLE acceptTerms']);
  });

  it('leaves an unusable optional field out and says so', () => {
    const row = read({ ...good, email: 'ana@', postalcode: '99999', refExt: 'x'.repeat(21) });
    expect(row).toMatchObject({ kind: 'lead' });
    expect(Object.keys(row.fields)).not.toEqual(expect.arrayContaining(['email']));
    expect(row.warnings).toEqual(
      ['email', 'postalcode', 'refExt'].map((column) => ({ code: 'ROW_FIELD_DROPPED', column })),
    );
  });

  it.each([
    [{ ramo: 'Barco' }, 'ROW_CODE_UNKNOWN ramo'],
    [{ motivoLlamada: '3' }, 'ROW_CODE_UNKNOWN motivoLlamada'],
    [{ agenteId: '123456789' }, 'ROW_AGENT_INVALID agenteId'],
    [{ partnerLeadId: 'x'.repeat(46) }, 'ROW_FIELD_TOO_LONG partnerLeadId'],
    [{ name: 'x'.repeat(51) }, 'ROW_FIELD_TOO_LONG name'],
    [{ dni: '' }, 'ROW_NIF_MISSING dni'],
  ])('rejects what would steer a lead wrongly: %j', (values, problem) => {
    expect(problemsOf({ ...good, ...values })).toEqual([problem]);
  });

  it('lists the words it knows', () => {
    const row = read({ ...good, ramo: 'Barco' }, aPartner({ codes: { ramo: { Coche: '1', Moto: '3' } } }));
    expect(row).toMatchObject({ problems: [{ detail: { known: 'Coche, Moto' } }] });
  });

  it('counts a limit in characters', () => {
    expect(read({ ...good, name: 'Ñ'.normalize('NFD').repeat(50) })).toMatchObject({ kind: 'lead' });
    expect(read({ ...good, name: '😀'.repeat(50) })).toMatchObject({ kind: 'lead' });
  });

  it('shortens a name at a word where the config says so', () => {
    const row = read({ ...good, name: `${'María '.repeat(8)}Fernández` }, aPartner({ tooLong: 'shorten' }));
    expect(row.fields['name']).toBe('María '.repeat(8).trim());
    expect(row.warnings).toEqual([{ code: 'ROW_FIELD_REPAIRED', column: 'name', detail: { repair: 'shortened' } }]);
  });

  it('sends a row without a NIF by agreement, and never one with a wrong NIF', () => {
    const partner = aPartner({ withoutNif: 'send' });
    expect(read({ ...good, dni: '' }, partner)).toMatchObject({ kind: 'lead' });
    expect(problemsOf({ ...good, dni: '12345678A' }, partner)).toEqual(['ROW_NIF_INVALID dni']);
  });

  it('puts no value of the row into a problem or a warning', () => {
    const row = read({ ...good, dni: '12345678A', phone: '555', email: 'secreto@', name: 'Secreto '.repeat(9) });
    expect(JSON.stringify([row.kind === 'rejected' && row.problems, row.warnings])).not.toMatch(/12345678A|555|ecreto/);
  });
});

describe('the identity of a lead', () => {
  const withoutId = { ...good, partnerLeadId: '' };

  it('is frozen', () => {
    expect(identityOf(good)).toBe('v1|["acme","id","HS-1"]');
    expect(identityOf({ ...withoutId, email: 'Ana@example.org', ramo: '4' })).toBe(
      'v1|["acme","own","12345678Z","612345678","ana@example.org","maria jose nunez","4",""]',
    );
  });

  it('adds the fields that the partner names', () => {
    const partner = aPartner({ identity: ['ramo'], codes: { ramo: { Coche: '1', Moto: '3' } } });
    expect(identityOf({ ...good, ramo: 'Coche' }, partner)).toBe('v1|["acme","id","HS-1","coche"]');
    expect(identityOf({ ...good, ramo: 'Moto' }, partner)).not.toBe(identityOf({ ...good, ramo: 'Coche' }, partner));
  });

  it('is the same however the values are written', () => {
    const other = { ...withoutId, dni: '12345678-z', phone: '0034 612 345 678', name: 'MARÍA  JOSÉ NUÑEZ' };
    expect(identityOf(other)).toBe(identityOf(withoutId));
  });

  it('never changes with anything that the config adds', () => {
    const text = fc.string({ unit: fc.constantFrom(...'abc12'), minLength: 1, maxLength: 8 });
    const defaults = fc.record({
      campaign: text,
      leadOrigin: text,
      email: fc.constant('x@y.es'),
      motivoLlamada: fc.constantFrom('1', '2'),
      ramo: fc.constantFrom('1', '2'),
    });
    const codes = fc.constantFrom<Partner['codes']>({ ramo: { coche: '1' } }, { ramo: { coche: '7', moto: '2' } });
    fc.assert(
      fc.property(defaults, codes, fc.constantFrom(good, withoutId), fc.boolean(), (added, words, values, hasRamo) => {
        const row = hasRamo ? { ...values, ramo: 'Coche' } : values;
        const plain = aPartner({ codes: { ramo: { Coche: '3' } } });
        expect(identityOf(row, aPartner({ defaults: added, codes: words }))).toBe(identityOf(row, plain));
      }),
    );
  });

  it('separates partners, and values from their neighbours', () => {
    expect(identityOf(good, aPartner({ id: 'norte' }))).not.toBe(identityOf(good));
    const partner = aPartner({ identity: ['ramo', 'campaign'] });
    expect(identityOf({ ...good, ramo: '1', campaign: '' }, partner)).not.toBe(
      identityOf({ ...good, ramo: '', campaign: '1' }, partner),
    );
  });
});

describe('the content of a lead', () => {
  const contentOf = (values: Readonly<Record<string, string>>, partner?: Partner): string | null => {
    const row = read(values, partner);
    return row.kind === 'lead' ? row.content : null;
  };

  it('tells a corrected row from a repeat', () => {
    expect(contentOf({ ...good, phone: '612 345 678' })).toBe(contentOf(good));
    expect(contentOf({ ...good, phone: '612345679' })).not.toBe(contentOf(good));
    expect(contentOf({ ...good, name: 'Maria José Núñez' })).not.toBe(contentOf(good));
  });

  it('knows nothing of defaults', () => {
    expect(contentOf(good, aPartner({ defaults: { motivoLlamada: '2', campaign: 'x' } }))).toBe(contentOf(good));
  });
});
