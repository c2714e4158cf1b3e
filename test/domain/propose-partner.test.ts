import { describe, expect, it } from 'vitest';
import { proposePartner, type PartnerProposal } from '../../src/domain/propose-partner.ts';
import { leadFields } from '../../src/contract/leads-1.2.5/fields.ts';
import type { FileKind } from '../../src/domain/file-life.ts';

const names = leadFields.map(({ name }) => name);

/** A sample from columns: header first, then the values. */
function propose(columns: readonly (readonly string[])[], kind?: FileKind): PartnerProposal {
  const header = columns.map(([name = '']) => name);
  const rows = (columns[0] ?? []).slice(1).map((_, row) => columns.map((column) => column[row + 1] ?? ''));
  return proposePartner({ header, rows }, names, kind);
}

const columnOf = (proposal: PartnerProposal, field: string) =>
  proposal.columns.find((column) => column.field === field);

const people = [
  ['ID de registro', 'HS-1', 'HS-2', 'HS-3'],
  ['Nombre', 'Ana', 'Luis', 'Eva'],
  ['Apellidos', 'Prueba Uno', 'Prueba Dos', 'Prueba Tres'],
  ['Acepto la política de privacidad', 'Sí', 'no', 'Interés legítimo'],
] as const;
const nifs = ['12345678Z', '00000001R', 'X1234567L'];
const phones = ['600000001', '+34 600 000 002', '600000003'];

describe('a proposal for leads', () => {
  it('recognises columns by their names, and joins first and last name', () => {
    const proposal = propose([
      ...people,
      ['DNI/NIE', ...nifs],
      ['Móvil', ...phones],
      ['Producto', 'Coche', 'Moto', 'Coche'],
    ]);
    expect(proposal.kind).toBe('leads');
    expect(proposal.columns.map(({ field, headers, by }) => [field, headers, by])).toEqual([
      ['acceptTerms', ['Acepto la política de privacidad'], 'header'],
      ['partnerLeadId', ['ID de registro'], 'header'],
      ['dni', ['DNI/NIE'], 'header'],
      ['name', ['Nombre', 'Apellidos'], 'header'],
      ['phone', ['Móvil'], 'header'],
      ['ramo', ['Producto'], 'header'],
    ]);
    expect(proposal.missing).toEqual(['motivoLlamada', 'agenteId']);
    expect(proposal.unmapped).toEqual([]);
  });

  it('recognises NIF, phone and e-mail by their values, a few wrong ones among them', () => {
    const many = (values: readonly string[], wrong: string) => [...values, ...values, ...values, ...values, wrong];
    const proposal = propose([
      ['Campo 1', ...many(nifs, 'no lo sé')],
      ['Campo 2', ...many(phones, 'llamar al fijo')],
      ['Campo 3', ...many(['a@example.org', 'b@example.org', 'c@example.org'], '')],
    ]);
    expect(columnOf(proposal, 'dni')).toMatchObject({ headers: ['Campo 1'], by: 'values' });
    expect(columnOf(proposal, 'phone')).toMatchObject({ headers: ['Campo 2'], by: 'values' });
    expect(columnOf(proposal, 'email')).toMatchObject({ headers: ['Campo 3'], by: 'values', filled: 12 });
  });

  it('takes the column that is filled best where two fit, and names the other', () => {
    const proposal = propose([...people, ['Teléfono', '', '', '912345678'], ['Móvil', ...phones]]);
    expect(columnOf(proposal, 'phone')).toMatchObject({ headers: ['Móvil'], filled: 3, others: ['Teléfono'] });
  });

  it('lists the words of the consent column and takes none for a yes that it does not know', () => {
    expect(propose(people).consent).toEqual({
      accepted: ['sí'],
      refused: ['no'],
      unknown: { rows: 1, words: [{ word: 'Interés legítimo', rows: 1 }], hidden: 0 },
      blank: 0,
    });
  });

  it('never takes a column for consent by its values, and never an opt-out', () => {
    const proposal = propose([
      ['Móvil', ...phones],
      ['Unsubscribed', 'no', 'no', 'sí'],
      ['Casilla', 'sí', 'sí', 'no'],
      ['Base legal del tratamiento', 'contrato', '', ''],
    ]);
    expect(columnOf(proposal, 'acceptTerms')).toBeUndefined();
    expect(proposal.missing).toContain('acceptTerms');
    expect(proposal.consentCandidates).toEqual(['Casilla', 'Base legal del tratamiento']);
    expect(proposal.optOuts).toEqual(['Unsubscribed']);
    expect(proposal.unmapped).not.toContain('Unsubscribed');
  });

  it('lists words that need a code, and none where there are codes already', () => {
    const proposal = propose([
      ['Móvil', ...phones],
      ['Producto', 'Coche', 'coche', 'Moto'],
      ['Motivo', '1', '2', '1'],
    ]);
    expect(proposal.codes).toEqual({
      ramo: {
        rows: 3,
        words: [
          { word: 'Coche', rows: 2 },
          { word: 'Moto', rows: 1 },
        ],
        hidden: 0,
      },
    });
  });

  it('says which field tells the rows of one id apart', () => {
    const proposal = propose([
      ['ID', 'C-1', 'C-1', 'C-2', 'C-2', 'C-3', 'C-3'],
      ['Móvil', '600000001', '600000001', '600000002', '600000009', '600000003', '600000003'],
      ['Producto', 'Coche', 'Hogar', 'Moto', 'Moto', 'Vida', 'Vida'],
    ]);
    expect(proposal.identity).toMatchObject({ repeated: 2, tellApart: [{ field: 'ramo', ids: 1 }] });
  });

  it('names the columns that could be the id, and the dates', () => {
    const proposal = propose([
      ['Móvil', ...phones],
      ['Expediente', 'N-1', 'N-2', 'N-3'],
      ['Ciudad', 'Vic', 'Olot', 'Reus'],
      ['Creado', '22/11/2026', '22 de noviembre de 2026', '2026-11-22 08:15'],
    ]);
    expect(proposal.identity.candidates).toEqual(['Expediente']);
    expect(proposal.dates).toEqual(['Creado']);
    expect(proposal.unmapped).toEqual(['Expediente', 'Ciudad']);
  });
});

describe('a proposal for updates', () => {
  const columns = [
    ['Record ID', 'HS-1', 'HS-1', 'HS-2'],
    ['Situación', 'Contactado', 'Cerrado', 'Contactado'],
    ['Fecha', '22/11/2026', '23/11/2026', '22/11/2026'],
  ];

  it('is made for a file that holds no people', () => {
    const proposal = propose(columns);
    expect(proposal).toMatchObject({ kind: 'updates', missing: ['observacion'], dates: ['Fecha'] });
    expect(proposal.columns.map(({ field }) => field)).toEqual(['partnerLeadId', 'estado']);
    expect(proposal.codes['estado']?.words.map(({ word }) => word)).toEqual(['Contactado', 'Cerrado']);
  });

  it('is made for leads all the same where a person says so', () => {
    expect(propose(columns, 'leads')).toMatchObject({ kind: 'leads' });
  });
});
