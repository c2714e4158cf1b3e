import { describe, expect, it } from 'vitest';
import { mapHeader } from '../../src/domain/map-header.ts';
import { columnsByRow, rowsOfRecord } from '../../src/domain/mixed-record.ts';
import { readLeadRow } from '../../src/domain/read-lead-row.ts';
import { altaLeadRules, aPartner } from './a-partner.ts';

const names = altaLeadRules.map(({ name }) => name);
const header = ['ID', 'NIF', 'Nombre completo', 'Teléfono', 'RGPD', 'Situación', 'Comentario', 'ID Lead Allianz'];
const updates = { ...aPartner().updates, initial: ['nuevo', 'sin gestionar'] };
const partner = aPartner({ updates });

function columnsOf(of = partner, columns: readonly string[] = header) {
  const mapped = mapHeader(columns, of, 'mixed', names);
  if (mapped.kind === 'fault') throw new Error(mapped.columns.join());
  return columnsByRow(mapped.columns, 'mixed', names);
}

const record = (over: Readonly<Record<string, string>> = {}): readonly string[] => {
  const cells: Readonly<Record<string, string>> = {
    ID: 'CRM-1',
    NIF: '99000001C',
    'Nombre completo': 'Persona Inventada',
    Teléfono: '600000001',
    RGPD: 'sí',
    Situación: '5',
    ...over,
  };
  return header.map((name) => cells[name] ?? '');
};

describe('the columns of a mixed file', () => {
  it('are those of a leads file for the lead, and those of an updates file for its state', () => {
    expect(columnsOf()).toEqual({
      lead: { partnerLeadId: [0], dni: [1], name: [2], phone: [3], acceptTerms: [4] },
      update: { partnerLeadId: [0], estado: [5], observacion: [6], leadId: [7] },
    });
    const dated = aPartner({ updates: { ...updates, orderBy: 'Fecha' } });
    expect(columnsOf(dated, [...header, 'Fecha']).update).toMatchObject({ orderBy: [8] });
  });

  it('leave a file of one kind as it is', () => {
    const columns = { partnerLeadId: [0], estado: [1] };
    expect(columnsByRow(columns, 'updates', names)).toEqual({ lead: {}, update: columns });
    expect(columnsByRow(columns, 'leads', names)).toEqual({ lead: columns, update: {} });
  });

  it('read the same lead, saying the same, as a leads file of the same export and with another state', () => {
    const asLeads = mapHeader(header, partner, 'leads', names);
    if (asLeads.kind === 'fault') throw new Error(asLeads.code);
    const before = readLeadRow(record(), asLeads.columns, partner, altaLeadRules);
    const now = readLeadRow(
      record({ Situación: '7', Comentario: 'Nuevo', 'ID Lead Allianz': 'L-1' }),
      columnsOf().lead,
      partner,
      altaLeadRules,
    );
    expect(now).toEqual(before);
    expect(now.kind).toBe('lead');
  });

  it.each([
    ['Situación', ['estado']],
    ['NIF', ['dni']],
    ['Comentario', ['observacion']],
  ])('are needed: without %s the file is refused', (without, columns) => {
    const rest = header.filter((name) => name !== without);
    expect(mapHeader(rest, aPartner({ defaults: { motivoLlamada: '1', estado: '5' } }), 'mixed', names)).toEqual({
      kind: 'fault',
      code: 'FILE_COLUMNS_MISSING',
      columns,
    });
  });

  it('may lack every id: the record itself says whose state it is', () => {
    expect(mapHeader(header.slice(1, 7), partner, 'mixed', names)).toMatchObject({ kind: 'mapped' });
  });
});

describe('a record of a mixed file', () => {
  it.each([
    ['a state', {}, ['lead', 'update']],
    ['no state', { Situación: ' ' }, ['lead']],
    ['a word with which leads begin', { Situación: 'Sin  Gestionar' }, ['lead']],
    ['a leadId and a state', { 'ID Lead Allianz': 'L-1' }, ['update']],
    ['a leadId and no state', { 'ID Lead Allianz': 'L-1', Situación: '' }, ['update']],
  ])('with %s is %j', (_, over, rows) => {
    expect(rowsOfRecord(record(over), columnsOf(), partner)).toEqual(rows);
  });

  it('that is rejected says all the same which lead it is', () => {
    const { lead } = columnsOf();
    const yesterday = readLeadRow(record(), lead, partner, altaLeadRules);
    const today = readLeadRow(record({ RGPD: 'no', Teléfono: '12' }), lead, partner, altaLeadRules);
    expect(today.kind).toBe('rejected');
    expect(today.identity).toBe(yesterday.identity);
  });
});
