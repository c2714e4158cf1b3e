import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { writePartnerDraft } from '../../src/config/partner-draft.ts';
import { parsePartner } from '../../src/config/partner-yaml.ts';
import { leadFields } from '../../src/contract/leads-1.2.5/fields.ts';
import type { FileKind } from '../../src/domain/file-life.ts';
import { mapHeader } from '../../src/domain/map-header.ts';
import type { Partner } from '../../src/domain/partner.ts';
import { proposePartner } from '../../src/domain/propose-partner.ts';

const names = leadFields.map(({ name }) => name);

interface Sample {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly kind?: FileKind;
  readonly fileName?: string;
}

function draft({ header, rows, kind, fileName = 'export.csv' }: Sample): string {
  const proposal = proposePartner({ header, rows }, names, kind);
  const schema = '../../docs/partner.schema.json';
  return writePartnerDraft({
    id: 'acme',
    fileName,
    encoding: 'utf-8',
    isEncodingSure: true,
    delimiter: ';',
    schema,
    proposal,
  });
}

const read = (text: string): Partner => parsePartner('acme', text, () => null, { leadFields });

const sample: Sample = {
  header: ['ID', 'NIF', 'Nombre', 'Apellidos', 'Móvil', 'RGPD', 'Producto', 'Robinson', 'Notas'],
  rows: [
    ['A-1', '12345678Z', 'Ana', 'Prueba', '600000001', 'Sí', 'Coche', 'no', ''],
    ['A-1', '12345678Z', 'Ana', 'Prueba', '600000001', 'de acuerdo', 'Hogar', 'no', ''],
  ],
};

describe('a drafted config', () => {
  it('is valid as it stands, and reads the sample', () => {
    const partner = read(draft(sample));
    expect(partner.columns).toMatchObject({
      name: { join: ['Nombre', 'Apellidos'] },
      acceptTerms: { headers: ['RGPD'] },
    });
    expect(partner.consent).toMatchObject({ accepted: ['si'] });
    const complete = read(
      draft(sample)
        .replace('agent: { default: ""', 'agent: { default: "0051245"')
        .replace('motivoLlamada: ""', 'motivoLlamada: "1"'),
    );
    expect(mapHeader(sample.header, complete, 'leads', names)).toMatchObject({ kind: 'mapped' });
  });

  it('of mixed files asks for both, and the lead file points to it where it has a state', () => {
    const crm: Sample = {
      header: [...sample.header.slice(0, 8), 'Situación', 'Fecha'],
      rows: sample.rows.map((row) => [...row.slice(0, 8), 'Nuevo', '23/11/2026']),
      fileName: 'crm-2026-11-23.csv',
    };
    expect(draft(sample)).not.toContain('mixed');
    expect(draft(crm)).toContain('# ? "Situación" says what has become of a lead, as it seems.');
    const text = draft({ ...crm, kind: 'mixed' });
    const partner = read(
      text
        .replace('agent: { default: ""', 'agent: { default: "0051245"')
        .replace('motivoLlamada: ""', 'motivoLlamada: "1"')
        .replace('# initial: []', 'initial: [Nuevo]'),
    );
    expect(partner.files).toMatchObject({ leads: null, updates: null, mixed: { match: 'crm-*.csv' } });
    expect(partner.updates).toMatchObject({ orderBy: null, initial: ['nuevo'] });
    expect(text).toContain('? "Fecha", if it says when the state has changed');
    expect(partner.codes).toEqual({ ramo: {}, estado: {} });
    expect(mapHeader(crm.header, partner, 'mixed', names)).toMatchObject({ kind: 'mapped' });
  });

  it('guesses neither a code, nor a consent, nor an agent, nor the reason for a call', () => {
    const partner = read(draft(sample));
    expect(partner.codes).toEqual({ ramo: {} });
    expect(partner.agent.default).toBeNull();
    expect(partner.defaults).toEqual({ partner: 'acme' });
    expect(partner.consent.accepted).not.toContain('de acuerdo');
    expect(partner.identity).toEqual([]);
  });

  it('asks what only a person can know', () => {
    const text = draft(sample);
    expect(text.startsWith('# yaml-language-server: $schema=../../docs/partner.schema.json\n')).toBe(true);
    expect(text).toContain('#   "de acuerdo": 1 row');
    expect(text).toContain('# identity: [ramo]');
    expect(text).toContain('"Robinson" is an opt-out');
    expect(text).toContain('#   "Notas"');
    expect(text).toMatch(/Coche: "" # 1 row/);
    expect(text).toMatch(/agent: \{ default: "" \} # \? seven digits/);
  });

  it('makes a pattern of a name that will be another tomorrow', () => {
    expect(draft({ ...sample, fileName: 'hubspot-crm-exports-2026-11-22-1.csv' })).toContain(
      '"hubspot-crm-exports-*.csv"',
    );
    expect(draft({ ...sample, fileName: '20261122.csv' })).toContain('match: "*.csv"');
  });

  it('is one of an updates file, with its date', () => {
    const rows = [['A-1', 'Ganado', '22/11/2026']];
    const partner = read(draft({ header: ['ID', 'Estado', 'Cuándo'], rows, fileName: 'estados-20261122.csv' }));
    expect(partner.files).toMatchObject({ updates: { match: 'estados-*.csv' }, leads: null });
    expect(partner.updates).toMatchObject({ orderBy: 'Cuándo', observacion: 'Estado según CRM: {estado}' });
  });

  it('is valid whatever stands in header and cells, and puts nothing of it where it would mean something', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom(
        'NIF',
        'Nombre',
        'RGPD',
        'Producto',
        'Producto\npartner: otro',
        '# x',
        '": [',
        "it's",
        '- a',
        '',
        'true',
        '~',
        '\u2028x',
      ),
    );
    const table = fc
      .integer({ min: 1, max: 8 })
      .chain((width) =>
        fc.array(fc.array(text, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }),
      );
    fc.assert(
      fc.property(
        table,
        fc.constantFrom<FileKind>('leads', 'updates'),
        text,
        ([header = [], ...rows], kind, fileName) => {
          const yaml = draft({ header, rows, kind, fileName });
          expect(read(yaml).id).toBe('acme');
          expect(parse(yaml)).toMatchObject({ partner: 'acme' });
        },
      ),
      { numRuns: 300 },
    );
  });
});
