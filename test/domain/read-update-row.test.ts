import { describe, expect, it } from 'vitest';
import type { Partner } from '../../src/domain/partner.ts';
import { readUpdateRow } from '../../src/domain/read-update-row.ts';
import { aPartner } from './a-partner.ts';

const updates = {
  ...aPartner().updates,
  orderBy: 'Fecha',
  afterFinal: 'reject',
  unknownLeadId: 'reject',
  observacion: 'Estado según CRM: {estado}',
} as const;
const crm = aPartner({ updates, codes: { estado: { 'Cerrado ganado': '20', Contactado: '5' } } });

function readRow(values: Readonly<Record<string, string>>, partner: Partner = aPartner()) {
  const columns = Object.fromEntries(Object.keys(values).map((name, position) => [name, [position]]));
  return readUpdateRow(Object.values(values), columns, partner);
}

describe('readUpdateRow', () => {
  it('reads ids, estado and observacion', () => {
    expect(
      readRow({ leadId: 'L-1', partnerLeadId: 'HS-1', estado: '20', observacion: ' Póliza  emitida ' }),
    ).toMatchObject({
      kind: 'update',
      fields: { leadId: 'L-1', partnerLeadId: 'HS-1', estado: '20', observacion: 'Póliza emitida' },
      orderKey: null,
      warnings: [],
    });
  });

  it('needs no id where the record itself says whose state it is, and reads what it says all the same', () => {
    const columns = { estado: [0], observacion: [1], partnerLeadId: [2] };
    expect(readUpdateRow(['5', 'Llamado', ''], columns, aPartner(), false)).toMatchObject({
      kind: 'update',
      fields: { leadId: null, partnerLeadId: null, estado: '5' },
    });
    expect(readUpdateRow(['5', 'Llamado', '1,23E+15'], columns, aPartner(), false)).toMatchObject({
      kind: 'rejected',
      problems: [{ code: 'ROW_ID_PRECISION_LOST', column: 'partnerLeadId' }],
    });
    expect(readUpdateRow(['5', 'Llamado', ''], columns, aPartner())).toMatchObject({ kind: 'rejected' });
  });

  it.each(['.', '..'])('takes no leadId that would lead a path elsewhere: %s', (leadId) => {
    const row = { leadId, partnerLeadId: 'HS-1', estado: '20', observacion: 'Póliza emitida' };
    expect(readRow(row)).toMatchObject({
      kind: 'rejected',
      leadId: null,
      problems: [{ code: 'ROW_FIELD_MISSING', column: 'leadId' }],
    });
    expect(readRow({ ...row, leadId: '...' })).toMatchObject({ kind: 'update', fields: { leadId: '...' } });
  });

  it('translates the words of the CRM and quotes them in the template', () => {
    expect(
      readRow({ partnerLeadId: 'HS-1', estado: 'CERRADO GANADO', orderBy: '23/11/2026 10:00' }, crm),
    ).toMatchObject({
      fields: { leadId: null, estado: '20', observacion: 'Estado según CRM: CERRADO GANADO' },
      orderKey: '2026-11-23T10:00:00.000',
    });
  });

  it('reports every problem at once', () => {
    expect(readRow({ partnerLeadId: '', estado: 'Perdido', observacion: '' }, crm)).toMatchObject({
      kind: 'rejected',
      problems: [
        { code: 'ROW_FIELD_MISSING', column: 'partnerLeadId' },
        { code: 'ROW_CODE_UNKNOWN', column: 'estado', detail: { known: 'Cerrado ganado, Contactado' } },
        { code: 'ROW_DATE_UNREADABLE', column: 'orderBy' },
      ],
    });
    expect(readRow({ leadId: '1,2E+16', estado: '' })).toMatchObject({
      problems: [
        { code: 'ROW_ID_PRECISION_LOST', column: 'leadId' },
        { code: 'ROW_FIELD_MISSING', column: 'estado' },
        { code: 'ROW_FIELD_MISSING', column: 'observacion' },
      ],
    });
  });

  it.each(['leadId', 'partnerLeadId'])('refuses a %s that the ledger could not find again', (field) => {
    const row = (length: number) => readRow({ [field]: 'L'.repeat(length), estado: '5', observacion: 'x' });
    expect(row(255)).toMatchObject({ kind: 'update', fields: { [field]: 'L'.repeat(255) } });
    expect(row(256)).toMatchObject({
      kind: 'rejected',
      problems: [{ code: 'ROW_FIELD_TOO_LONG', column: field, detail: { max: 255 } }],
      [field]: null,
    });
  });

  it.each(['veinte', '20.0', '-1', '2O'])('takes an estado of digits only, not %j', (estado) => {
    expect(readRow({ leadId: 'L-1', estado, observacion: 'x' })).toMatchObject({
      problems: [{ code: 'ROW_CODE_UNKNOWN' }],
    });
  });

  it('compares by what an update sets, whenever and for whichever lead', () => {
    const contentOf = (values: Readonly<Record<string, string>>): string | null => {
      const read = readRow({ partnerLeadId: 'HS-1', estado: 'Contactado', orderBy: '23/11/2026', ...values }, crm);
      return read.kind === 'update' ? read.content : null;
    };
    expect(contentOf({ estado: '5', observacion: 'x' })).toBe(
      contentOf({ observacion: 'x', orderBy: '24/11/2026', partnerLeadId: 'HS-2' }),
    );
    expect(contentOf({ estado: 'Cerrado ganado', observacion: 'x' })).not.toBe(contentOf({ observacion: 'x' }));
    expect(contentOf({ observacion: 'y' })).not.toBe(contentOf({ observacion: 'x' }));
  });
});
