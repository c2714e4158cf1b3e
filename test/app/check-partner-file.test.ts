import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvRecordReader } from '../../src/adapters/csv/csv-record-reader.ts';
import { checkPartnerFile, type SurveyedFile } from '../../src/app/check-partner-file.ts';
import { parsePartner } from '../../src/config/partner-yaml.ts';
import { leadFields } from '../../src/contract/leads-1.2.5/fields.ts';
import type { FileKind } from '../../src/domain/file-life.ts';
import type { Partner } from '../../src/domain/partner.ts';
import { scratchFolder, type ScratchFolder } from '../support/scratch-folder.ts';

const fixtures = join(import.meta.dirname, '../../fixtures');
const ports = { records: csvRecordReader, rules: leadFields };

let scratch: ScratchFolder;
beforeAll(async () => {
  scratch = await scratchFolder();
});
afterAll(() => scratch.remove());

function partnerOf(id: string, more = ''): Partner {
  const text = readFileSync(join(fixtures, 'partners', `${id}.yaml`), 'utf8');
  return parsePartner(id, `${text}\n${more}`, () => null, { leadFields });
}

async function survey(path: string, partner: Partner, kind: FileKind = 'leads'): Promise<SurveyedFile> {
  const check = await checkPartnerFile(ports, { path, partner, kind });
  if (check.kind === 'refused') throw new Error(check.code);
  return check;
}

/** A file of Acme's, from the rows of a test. */
async function write(name: string, rows: readonly string[]): Promise<string> {
  const path = join(scratch.path, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(
    path,
    [
      'ID de registro,Nombre,Apellidos,NIF,Número de teléfono,Producto,Agente,Acepta política de privacidad,Unsubscribed,Notas',
      ...rows,
      '',
    ].join('\r\n'),
  );
  return path;
}

const row = (
  id: string,
  more: Partial<Record<'nif' | 'phone' | 'product' | 'agent' | 'consent', string>> = {},
): string =>
  `${id},Persona,Inventada,${more.nif ?? '12345678Z'},${more.phone ?? '600000001'},${more.product ?? 'Coche'},${more.agent ?? ''},${more.consent ?? 'Sí'},no,`;

describe('checkPartnerFile', () => {
  it('says what would become of the rows of a file, by code and field, with their numbers', async () => {
    const check = await survey(join(fixtures, 'acme/hubspot-leads.csv'), partnerOf('acme'));
    expect(check).toMatchObject({
      holds: 'leads',
      encoding: 'utf-8',
      delimiter: ',',
      rows: 27,
      valid: 17,
      withoutNif: 1,
      withoutAgent: 0,
      consent: { accepted: 22, refused: 2, blank: 1, unreadable: 1 },
      unknownWords: {
        acceptTerms: { rows: 1, words: [{ word: 'Interés legítimo', rows: 1 }], hidden: 0 },
        ramo: { rows: 1, words: [{ word: 'Barco', rows: 1 }] },
      },
      ids: { filled: 25, blank: 1, odd: [] },
      repetitions: { repeated: 1, differing: 1, firstRows: [17], isEstimate: false },
    });
    expect(check.problems).toContainEqual({ code: 'ROW_NIF_INVALID', column: 'dni', rows: 2, firstRows: [8, 29] });
    expect(check.problems).toContainEqual({ code: 'ROW_NIF_MISSING', column: 'dni', rows: 1, firstRows: [15] });
    expect(check.warnings).toContainEqual({ code: 'ROW_FIELD_REPAIRED', column: 'agenteId', rows: 1, firstRows: [27] });
    expect(check.columns).toMatchObject({
      mapped: { name: ['Nombre', 'Apellidos'], dni: ['NIF'] },
      unmapped: ['Estado del lead', 'Notas', 'Fecha de creación'],
      empty: [],
    });
  });

  it.each([
    ['acme', 'hubspot-leads-next-day.csv', 'leads'],
    ['norte', 'leads-excel-1252.csv', 'leads'],
    ['norte', 'updates-estado.csv', 'updates'],
    ['brisa', 'meta-lead-ads-utf16.csv', 'leads'],
  ] as const)('accounts for every row of %s/%s', async (id, name, kind) => {
    const check = await survey(join(fixtures, id, name), partnerOf(id), kind);
    const expected = JSON.parse(readFileSync(join(fixtures, 'expectations.json'), 'utf8')) as {
      file: string;
      rows: { row: number; outcome: string; code?: string }[];
    }[];
    const { rows = [] } = expected.find(({ file }) => file === `${id}/${name}`) ?? {};
    // Rejected by something that the row itself does not say.
    const later = ['ROW_NOT_MANAGED', 'ROW_LEAD_CLOSED', 'ROW_LEAD_UNKNOWN', 'ROW_LEAD_NOT_CREATED'];
    const rejected = rows.filter(({ outcome, code = '' }) => outcome === 'rejected' && !later.includes(code));
    expect([check.rows, check.rows - check.valid]).toEqual([rows.length, rejected.length]);
    const numbers = new Set(check.problems.flatMap(({ firstRows }) => firstRows));
    expect([...numbers].toSorted((a, b) => a - b)).toEqual(rejected.map((one) => one.row));
  });

  it('finds ids that stand on rows which differ, unless the identity of a lead tells them apart', async () => {
    const path = await write('contacts.csv', [
      row('C-1'),
      row('C-1', { product: 'Hogar' }),
      row('C-2', { product: 'Moto' }),
      row('C-3', { phone: '600000002' }),
      row('C-3', { phone: '600000003', product: 'Vida' }),
    ]);
    const plain = { ...partnerOf('acme'), identity: [] };
    expect((await survey(path, plain)).repetitions).toMatchObject({
      differing: 2,
      differingShare: 2 / 3,
      firstRows: [3, 6],
    });
    expect((await survey(path, partnerOf('acme'))).repetitions).toMatchObject({ differing: 0 });
  });

  it('finds such ids in a file whose rows are all rejected, too', async () => {
    const path = await write('contacts-draft.csv', [row('C-1', { product: 'A' }), row('C-1', { product: 'B' })]);
    const { valid, repetitions } = await survey(path, { ...partnerOf('acme'), identity: [] });
    expect({ valid, differing: repetitions.differing }).toEqual({ valid: 0, differing: 1 });
  });

  it('finds ids that a spreadsheet has damaged, and those that are a person', async () => {
    const path = await write('ids.csv', [
      row('"1,2E+16"'),
      row('1203648975412000'),
      row('87654321X'),
      row('ana@example.org'),
      row('+34 600 000 001'),
      row('HS-1'),
    ]);
    const { ids } = await survey(path, partnerOf('acme'));
    expect(ids.odd.map(({ oddity, firstRows }) => [oddity, firstRows])).toEqual([
      ['scientific', [2]],
      ['rounded', [3]],
      ['nif', [4]],
      ['email', [5]],
      ['phone', [6]],
    ]);
  });

  it('counts the rows that nobody would be the agent of', async () => {
    const path = await write('agents.csv', [row('A-1'), row('A-2', { agent: '51245' })]);
    const partner = partnerOf('acme');
    const { valid, withoutAgent } = await survey(path, { ...partner, agent: { ...partner.agent, default: null } });
    expect({ valid, withoutAgent }).toEqual({ valid: 2, withoutAgent: 1 });
  });

  it('shows no value that could be personal, whatever column the config names', async () => {
    const rows = Array.from({ length: 300 }, (_, index) =>
      row(`P-${index}`, {
        consent: `Persona ${'abcdefghij'[index % 10]}${'klmnopqrst'[Math.floor(index / 10) % 10]}${'uvwxyz'[Math.floor(index / 100)]}`,
      }),
    );
    const { unknownWords } = await survey(await write('names.csv', rows), partnerOf('acme'));
    expect(unknownWords['acceptTerms']).toEqual({ rows: 300, words: [], hidden: 300 });
  });

  it('says which columns hold nothing', async () => {
    const { columns } = await survey(await write('empty-columns.csv', [row('E-1'), row('E-2')]), partnerOf('acme'));
    expect(columns).toMatchObject({
      empty: ['Agente', 'Notas'],
      emptyFields: ['agenteId'],
      unmapped: ['Unsubscribed', 'Notas'],
    });
  });

  it.each([
    ['empty.csv', 'FILE_EMPTY', null],
    ['two-nif-columns.csv', 'FILE_HEADER_AMBIGUOUS', 'NIF'],
    ['missing-columns.csv', 'FILE_COLUMNS_MISSING', 'Producto'],
    ['spreadsheet.csv', 'FILE_NOT_CSV', null],
  ])('says that %s would be refused: %s', async (name, code, column) => {
    const path = join(fixtures, 'bad', name);
    const check = await checkPartnerFile(ports, { path, partner: partnerOf('acme'), kind: 'leads' });
    expect(check).toMatchObject({ kind: 'refused', code });
    if (check.kind === 'refused' && column !== null) expect(check.header).toContain(column);
  });

  it('tells of every record as it goes', async () => {
    const seen: number[] = [];
    const path = await write('seen.csv', [row('S-1'), row('S-2')]);
    await checkPartnerFile(ports, { path, partner: partnerOf('acme'), kind: 'leads' }, (record) =>
      seen.push(record.rowNumber),
    );
    expect(seen).toEqual([2, 3]);
  });
});

describe('checkPartnerFile of a mixed file', () => {
  it('counts a record once, though it is a lead and an update, and its states', async () => {
    const path = join(scratch.path, 'mixed.csv');
    const lines = [
      'ID de registro,Nombre,Apellidos,NIF,Número de teléfono,Producto,Agente,Acepta política de privacidad,Situación',
      'M-1,Persona,Inventada,12345678Z,600000001,Coche,,Sí,Contactado',
      'M-2,Persona,Inventada,12345678Z,600000002,Coche,,Sí,',
      'M-3,Persona,Inventada,12345678Z,600000003,Coche,,Sí,Nuevo',
      'M-4,Persona,Inventada,12345678Z,600000004,Coche,,Sí,Perdido',
      '"1,23E+15",Persona,Inventada,12345678Z,600000005,Coche,,Sí,Contactado',
      '',
    ];
    await writeFile(path, lines.join('\r\n'));
    const partner = partnerOf('acme');
    const check = await survey(
      path,
      {
        ...partner,
        codes: { ...partner.codes, estado: { contactado: '5' } },
        updates: { ...partner.updates, observacion: 'Estado: {estado}', initial: ['nuevo'] },
      },
      'mixed',
    );
    expect(check).toMatchObject({
      holds: 'mixed',
      rows: 5,
      valid: 3,
      states: 3,
      unknownWords: { estado: { words: [{ word: 'Perdido', rows: 1 }] } },
      ids: { filled: 5 },
      repetitions: { differing: 0 },
    });
    expect(check.problems.map(({ code, column, rows }) => [code, column, rows])).toEqual(
      expect.arrayContaining([
        ['ROW_CODE_UNKNOWN', 'estado', 1],
        ['ROW_ID_PRECISION_LOST', 'partnerLeadId', 1],
      ]),
    );
    expect(check.problems.length).toBe(2);
  });
});
