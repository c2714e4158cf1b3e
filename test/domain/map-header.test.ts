import { describe, expect, it } from 'vitest';
import type { FileKind } from '../../src/domain/file-life.ts';
import { mapHeader as mapHeaderOf } from '../../src/domain/map-header.ts';
import type { Partner } from '../../src/domain/partner.ts';
import { altaLeadRules, aPartner } from './a-partner.ts';

const leadFieldNames = altaLeadRules.map(({ name }) => name);
const everything = Object.fromEntries(leadFieldNames.map((name) => [name, 'x']));
const mapHeader = (header: readonly string[], partner: Partner, kind: FileKind) =>
  mapHeaderOf(header, partner, kind, leadFieldNames);

const complete = ['NIF', 'Nombre completo', 'Teléfono', 'RGPD'];

describe('mapHeader for leads', () => {
  it('knows the usual headers', () => {
    expect(mapHeader(['Record ID', ...complete, 'C.P.', 'E-mail'], aPartner(), 'leads')).toEqual({
      kind: 'mapped',
      columns: { partnerLeadId: [0], dni: [1], name: [2], phone: [3], acceptTerms: [4], postalcode: [5], email: [6] },
    });
  });

  it('joins first and last name', () => {
    const mapped = mapHeader(['Apellidos', 'Nombre', 'DNI/NIE', 'Móvil', 'LOPD'], aPartner(), 'leads');
    expect(mapped).toMatchObject({ kind: 'mapped', columns: { name: [1, 0] } });
  });

  it('takes the first configured header that is present, and asks no alias then', () => {
    const partner = aPartner({ columns: { phone: { headers: ['Móvil', 'Fijo'] }, email: { headers: ['Correo'] } } });
    expect(mapHeader([...complete, 'Fijo', 'Email'], partner, 'leads')).toEqual({
      kind: 'mapped',
      columns: { dni: [0], name: [1], phone: [4], acceptTerms: [3] },
    });
  });

  it('gives a configured column to no other field', () => {
    const partner = aPartner({ columns: { idLanding: { headers: ['ID'] } } });
    const mapped = mapHeader(['ID', ...complete], partner, 'leads');
    expect(mapped).toMatchObject({ kind: 'mapped' });
    expect(mapped.columns).not.toHaveProperty('partnerLeadId');
  });

  it('names every missing field by its contract name', () => {
    const partner = aPartner({ defaults: {}, agent: { default: null, byPostalCode: {}, fromCheck: 'always' } });
    expect(mapHeader(['Columna'], partner, 'leads')).toEqual({
      kind: 'fault',
      code: 'FILE_COLUMNS_MISSING',
      columns: ['acceptTerms', 'name', 'phone', 'motivoLlamada', 'dni', 'agenteId'],
    });
  });

  it('counts defaults and agent rules as present', () => {
    const table = { default: null, byPostalCode: { '08': '0051245' }, fromCheck: 'always' } as const;
    expect(mapHeader(complete, aPartner({ agent: table }), 'leads')).toMatchObject({ columns: ['agenteId'] });
    expect(mapHeader([...complete, 'CP'], aPartner({ agent: table }), 'leads')).toMatchObject({ kind: 'mapped' });
    expect(mapHeader(complete.slice(1), aPartner({ withoutNif: 'send' }), 'leads')).toMatchObject({ kind: 'mapped' });
  });

  it.each([
    [[...complete, 'Móvil'], ['phone']],
    [[...complete, 'NIF'], ['dni']],
  ])('refuses two columns for one field: %j', (header, columns) => {
    expect(mapHeader(header, aPartner(), 'leads')).toEqual({ kind: 'fault', code: 'FILE_HEADER_AMBIGUOUS', columns });
  });

  it.each([
    'Unsubscribed',
    'Email Opt Out',
    'Email Opt-out',
    'Do Not Call',
    'No llamar',
    'Lista Robinson',
    'Has Opted Out of Email',
    'HasOptedOutOfEmail',
    'DoNotCall',
    'hs_email_optout',
    'Do not contact',
    'Lista negra',
    'No contactar',
    'No autoriza',
    'Revocación del consentimiento',
    'Oposición',
  ])('never takes %s for consent, not even when told to', (header) => {
    const partner = aPartner({ columns: { acceptTerms: { headers: [header] } } });
    expect(mapHeader([...complete.slice(0, 3), header], partner, 'leads')).toEqual({
      kind: 'fault',
      code: 'FILE_COLUMNS_MISSING',
      columns: ['acceptTerms'],
    });
  });
});

describe('mapHeader and the fields of the contract', () => {
  it.each(['idLanding', 'parametersURL', 'refExt', 'LEADORIGIN', 'Traffic source'])(
    'finds %s by its own name',
    (header) => {
      const field = leadFieldNames.find((name) => name.toLowerCase() === header.replace(' ', '').toLowerCase()) ?? '';
      expect(mapHeader([...complete, header], aPartner(), 'leads')).toMatchObject({ columns: { [field]: [4] } });
    },
  );

  it.each(['Canal', 'Origen', 'Partner'])('takes no column that is called %s: an everyday word of a CRM', (header) => {
    const mapped = mapHeader([...complete, header], aPartner(), 'leads');
    expect(mapped.kind === 'mapped' && Object.values(mapped.columns).flat()).not.toContain(4);
  });

  it('looks for no field that it was not given', () => {
    const mapped = mapHeaderOf(['NIF', 'Matrícula'], aPartner(), 'leads', ['dni', 'matricula']);
    expect(mapped).toMatchObject({ columns: ['acceptTerms', 'name', 'phone'] });
    const partner = aPartner({ defaults: { acceptTerms: 'sí', name: 'x', phone: '1', motivoLlamada: '1' } });
    expect(mapHeaderOf(['NIF', 'Matrícula', 'Correo'], partner, 'leads', ['dni', 'matricula'])).toEqual({
      kind: 'mapped',
      columns: { dni: [0], matricula: [1] },
    });
  });

  it('knows no header for two fields', () => {
    const headers = ['ID', 'Nombre', 'Status', 'Producto', 'Notas', 'Motivo', 'Agente', 'Mail', 'CP', 'Tel', 'Lead ID'];
    for (const header of headers) {
      const mapped = mapHeader([header, 'x'], aPartner({ defaults: everything }), 'leads');
      if (mapped.kind === 'mapped') expect(Object.keys(mapped.columns).length, header).toBeLessThanOrEqual(1);
    }
  });
});

describe('mapHeader for updates', () => {
  it('needs a lead, an estado and something to say', () => {
    expect(mapHeader(['x'], aPartner(), 'updates')).toMatchObject({ columns: ['leadId', 'estado', 'observacion'] });
    expect(mapHeader(['leadId', 'Estado', 'Observaciones'], aPartner(), 'updates')).toEqual({
      kind: 'mapped',
      columns: { leadId: [0], estado: [1], observacion: [2] },
    });
  });

  it('finds the column that orders the updates', () => {
    const updates = {
      ...aPartner().updates,
      orderBy: 'Fecha',
      afterFinal: 'reject',
      unknownLeadId: 'reject',
      observacion: 'x {estado}',
    } as const;
    const partner = aPartner({ updates });
    expect(mapHeader(['ID', 'Estado', 'FECHA'], partner, 'updates')).toEqual({
      kind: 'mapped',
      columns: { partnerLeadId: [0], estado: [1], orderBy: [2] },
    });
    expect(mapHeader(['ID', 'Estado'], partner, 'updates')).toMatchObject({ columns: ['orderBy'] });
  });
});
