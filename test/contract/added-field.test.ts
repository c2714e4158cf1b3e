import { describe, expect, it, vi } from 'vitest';
import { parsePartner } from '../../src/config/partner-yaml.ts';
import { contracts } from '../../src/contract/index.ts';
import type { LeadField } from '../../src/contract/leads-contract.ts';
import { mapHeader } from '../../src/domain/map-header.ts';
import { readLeadRow } from '../../src/domain/read-lead-row.ts';

// The whole change that a field in a later version of the contract takes: one entry in its table.
vi.mock('../../src/contract/leads-1.2.5/fields.ts', async (original) => {
  const { leadFields } = await original<{ readonly leadFields: readonly LeadField[] }>();
  const madeUp: LeadField = {
    name: 'matriculaVehiculo',
    wireName: 'plate',
    required: false,
    maxLength: 8,
    steering: false,
    values: null,
    pattern: null,
    patternSays: null,
    json: 'string',
    description: 'A field that the specification does not have.',
  };
  return { leadFields: [...leadFields, madeUp] };
});

const { leadFields, toRequest, fromRequest } = contracts['1.2.5'];
const header = ['ID', 'NIF', 'Nombre completo', 'Móvil', 'RGPD'];
const cells = ['CRM-1', '12345678Z', 'Prueba Sintética', '600000001', 'sí'];

function requestOf(yaml: string, moreHeader: readonly string[], moreCells: readonly string[]) {
  const partner = parsePartner(
    'acme',
    `partner: acme\nagent: { default: "0051245" }\ncolumns: { ramo: [Producto] }\n${yaml}`,
    () => null,
    { leadFields },
  );
  const mapped = mapHeader(
    [...header, ...moreHeader],
    partner,
    'leads',
    leadFields.map(({ name }) => name),
  );
  if (mapped.kind === 'fault') throw new Error(`${mapped.code} ${mapped.columns.join(', ')}`);
  const read = readLeadRow([...cells, ...moreCells], mapped.columns, partner, leadFields);
  if (read.kind === 'rejected') throw new Error(JSON.stringify(read.problems));
  return { warnings: read.warnings, body: toRequest.altaLead({ ...read.fields, agenteId: '0051245' }) };
}

describe('a field added to the table of the contract', () => {
  const constant = 'defaults: { motivoLlamada: "1", matriculaVehiculo: 0000ABC }';
  const plain = 'defaults: { motivoLlamada: "1" }';

  it('is found by its own name as a header and travels to the request', () => {
    const { body } = requestOf(plain, ['MatriculaVehiculo'], ['1234BCD']);
    expect(body['plate']).toBe('1234BCD');
    expect(fromRequest.altaLead(body)).toMatchObject({ data: { matriculaVehiculo: '1234BCD' } });
  });

  it('may be named under columns, defaults and codes of a partner', () => {
    const named = `${plain}\ncodes: { matriculaVehiculo: { mía: 1111AAA } }`;
    expect(requestOf(constant, [], []).body['plate']).toBe('0000ABC');
    expect(requestOf(named, ['matriculavehiculo'], ['Mía']).body['plate']).toBe('1111AAA');
    const partner = parsePartner('acme', 'partner: acme\ncolumns: { matriculaVehiculo: [Placa] }', () => null, {
      leadFields,
    });
    expect(partner.columns['matriculaVehiculo']).toEqual({ headers: ['Placa'] });
  });

  it('is left out with a warning when it is longer than its limit', () => {
    const { body, warnings } = requestOf(plain, ['matriculavehiculo'], ['1234BCD-X']);
    expect(body).not.toHaveProperty('plate');
    expect(warnings).toContainEqual({ code: 'ROW_FIELD_DROPPED', column: 'matriculaVehiculo' });
  });
});
