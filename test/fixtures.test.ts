import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { csvRecordReader } from '../src/adapters/csv/csv-record-reader.ts';
import type { FileRecord } from '../src/app/ports/record-reader.ts';
import { parsePartner } from '../src/config/partner-yaml.ts';
import { leadFields } from '../src/contract/leads-1.2.5/fields.ts';
import { findDrift } from '../src/domain/drift.ts';
import { faults } from '../src/domain/faults.ts';
import type { FileKind } from '../src/domain/file-life.ts';
import { createFillTally } from '../src/domain/fill-tally.ts';
import { mapHeader, type MappedColumns } from '../src/domain/map-header.ts';
import { kindOfFile } from '../src/domain/match-file.ts';
import { columnsByRow, rowsOfRecord } from '../src/domain/mixed-record.ts';
import type { Problem } from '../src/domain/problem.ts';
import type { Partner } from '../src/domain/partner.ts';
import { readLeadRow } from '../src/domain/read-lead-row.ts';
import { readUpdateRow } from '../src/domain/read-update-row.ts';
import { clientOf } from '../src/sandbox/clients.ts';
import { decideAfterCheck } from '../src/domain/after-check.ts';

const folder = join(import.meta.dirname, '../fixtures');
const leadFieldNames = leadFields.map(({ name }) => name);

interface Expected {
  readonly file: string;
  readonly kind: FileKind;
  readonly partner: string;
  /** For a file that is refused as a whole. */
  readonly code?: string;
  /** What the bytes are to be taken for, where that is what the file is about. */
  readonly reads?: Readonly<Record<string, string>>;
  /** Every row that is not blank; the files stand in the order in which they arrive. */
  readonly rows: readonly ExpectedRow[];
  /** Of a file whose rows are of no account by themselves: all of these that `rows` does not name are registered. */
  readonly registeredRows?: { readonly from: number; readonly to: number };
  /** The files that came before it, oldest first, and what it is held for after them. */
  readonly after?: readonly string[];
  readonly held?: readonly string[];
}

interface ExpectedRow {
  readonly row: number;
  /** Absent for a record of a mixed file that is an update and no lead. */
  readonly outcome?: string;
  readonly code?: string;
  /** Of a mixed file: what becomes of the record's state, where it has one. */
  readonly update?: { readonly outcome: string; readonly code?: string };
  /** The numbers that the partner is told. */
  readonly detail?: Readonly<Record<string, number>>;
  readonly warning?: string;
  /** All of them, each as `CODE column`; a row with one problem alone has it in `code`. */
  readonly problems?: readonly string[];
  readonly warnings?: readonly string[];
}

const expectations = (JSON.parse(readFileSync(join(folder, 'expectations.json'), 'utf8')) as readonly Expected[]).map(
  ({ registeredRows, rows, ...expected }) => ({
    ...expected,
    rows: [...rows, ...registered(registeredRows, rows)].sort(byRow),
  }),
);

function registered(rows: Expected['registeredRows'], named: readonly ExpectedRow[]): readonly ExpectedRow[] {
  if (rows === undefined) return [];
  const others = new Set(named.map(({ row }) => row));
  const all = Array.from({ length: rows.to - rows.from + 1 }, (_, index) => rows.from + index);
  return all.filter((row) => !others.has(row)).map((row) => ({ row, outcome: 'registered' }));
}

function byRow(a: ExpectedRow, b: ExpectedRow): number {
  return a.row - b.row;
}

// What the row itself decides. Everything else is decided by the API, the ledger or the order of things.
const decidedByReading = new Set([
  'ROW_CELLS_TOO_FEW',
  'ROW_CELLS_TOO_MANY',
  'ROW_QUOTE_STRAY',
  'ROW_QUOTE_UNCLOSED',
  'ROW_CELL_TOO_LONG',
  'ROW_TEXT_DAMAGED',
  'ROW_FIELD_MISSING',
  'ROW_FIELD_TOO_LONG',
  'ROW_CODE_UNKNOWN',
  'ROW_NIF_MISSING',
  'ROW_NIF_INVALID',
  'ROW_PHONE_INVALID',
  'ROW_ID_PRECISION_LOST',
  'ROW_AGENT_INVALID',
  'ROW_CONSENT_MISSING',
  'ROW_CONSENT_REFUSED',
  'ROW_CONSENT_UNREADABLE',
  'ROW_DATE_UNREADABLE',
]);

describe('the fixtures', () => {
  it('all have an expectation, and no expectation is without its fixture', () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.csv'));
    expect(files.sort()).toEqual(expectations.map(({ file }) => file).sort());
  });

  it('expect codes that exist', () => {
    const codes = expectations.flatMap(({ code, rows }) => [code, ...rows.map((row) => row.code)]);
    expect(codes.filter((code) => code !== undefined && !(code in faults))).toEqual([]);
  });

  it.each(expectations.filter(({ file, code }) => code === undefined && !hasAnyName(file)))(
    '$file has a name that its partner knows',
    ({ file, kind, partner }) => {
      expect(kindOfFile(file.slice(file.indexOf('/') + 1), partnerOf(partner))).toBe(kind);
    },
  );

  it.each(expectations.filter(({ code }) => code !== undefined))('$file is refused: $code', async (expected) => {
    const opened = await openFixture(expected);
    const refusal =
      'fault' in opened ? opened.fault : mapHeader(opened.header, partnerOf(expected.partner), 'leads', leadFieldNames);
    expect(typeof refusal === 'string' ? refusal : refusal.kind === 'fault' && refusal.code).toBe(expected.code);
  });

  it.each(expectations.filter(({ code }) => code === undefined))('$file reads as expected', async (expected) => {
    const partner = partnerOf(expected.partner);
    const { columns, records } = await readFixture(expected);
    const decided = expected.rows.map(({ row, code }) => ({
      row,
      code: code !== undefined && decidedByReading.has(code) ? code : null,
    }));
    expect(
      records.map((record) => ({ row: record.rowNumber, code: codeOf(record, columns, partner, expected.kind) })),
    ).toEqual(decided);
  });

  it.each(expectations.filter(({ kind }) => kind === 'mixed'))(
    '$file has a lead and a state where both are expected',
    async (expected) => {
      const partner = partnerOf(expected.partner);
      const { columns, records } = await readFixture(expected);
      const byRow = columnsByRow(columns, 'mixed', leadFieldNames);
      const found = records.map((record) => {
        const cells = 'cells' in record ? record.cells : [];
        const rows = rowsOfRecord(cells, byRow, partner);
        if (!rows.includes('update')) return { row: record.rowNumber, rows, code: null };
        const read = readUpdateRow(cells, byRow.update, partner, !rows.includes('lead'));
        return {
          row: record.rowNumber,
          rows,
          code: read.kind === 'rejected' ? (read.problems[0]?.code ?? null) : null,
        };
      });
      expect(found).toEqual(
        expected.rows.map(({ row, outcome, update }) => ({
          row,
          rows: [...(outcome === undefined ? [] : ['lead']), ...(update === undefined ? [] : ['update'])],
          code: decidedByReading.has(update?.code ?? '') ? update?.code : null,
        })),
      );
    },
  );

  it.each(expectations.filter(({ reads }) => reads !== undefined))(
    '$file is taken for what it is',
    async (expected) => {
      const opened = await openFixture(expected);
      expect('fault' in opened ? opened : { ...opened.finding, delimiter: opened.delimiter }).toMatchObject(
        expected.reads ?? {},
      );
    },
  );

  it.each(expectations.filter(({ rows }) => rows.some(({ detail, warning }) => detail ?? warning)))(
    '$file tells the partner what is wrong with its rows',
    async (expected) => {
      const { columns, records } = await readFixture(expected);
      for (const { row, detail, warning } of expected.rows) {
        const record = records.find(({ rowNumber }) => rowNumber === row);
        if (detail !== undefined) expect(record).toMatchObject({ rowNumber: row, detail });
        const cells = record !== undefined && 'cells' in record ? record.cells : [];
        const { warnings } = readLeadRow(cells, columns, partnerOf(expected.partner), leadFields);
        if (warning !== undefined) expect(warnings).toMatchObject([{ code: warning }]);
      }
    },
  );

  it.each(expectations.filter(({ file }) => file.startsWith('rows/')))(
    '$file has its problems told all at once, and what was repaired or left out',
    async (expected) => {
      const partner = partnerOf(expected.partner);
      const { columns, records } = await readFixture(expected);
      const told = records.map((record) => {
        const read = readLeadRow('cells' in record ? record.cells : [], columns, partner, leadFields);
        const problems = read.kind === 'rejected' ? read.problems.map(textOf) : [];
        return {
          row: record.rowNumber,
          problems: problems.slice(problems.length > 1 ? 0 : 1),
          warnings: read.warnings.map(textOf),
        };
      });
      expect(told).toEqual(expected.rows.map(({ row, problems = [], warnings = [] }) => ({ row, problems, warnings })));
    },
  );

  it.each(expectations.filter(({ held }) => held !== undefined))(
    '$file is held after the files before it exactly for $held',
    async (expected) => {
      const earlier = await Promise.all((expected.after ?? []).toReversed().map((file) => profileOf(byName(file))));
      const { drift, limits } = partnerOf(expected.partner);
      const profile = await profileOf(expected);
      const held = findDrift(profile, earlier, drift).map(textOf);
      if (limits.rowsPerId !== null && profile.mostOfOneLead > limits.rowsPerId) held.push('FILE_ID_REPEATED');
      expect(held).toEqual(expected.held);
    },
  );

  it.each(['acme', 'norte', 'brisa'])('%s repeats exactly the leads that are expected to be duplicates', async (id) => {
    const partner = partnerOf(id);
    const ofPartner = expectations.filter(
      (each) => each.partner === id && each.kind === 'leads' && each.code === undefined,
    );
    const held = new Map<string, string>();
    for (const expected of ofPartner) {
      const { columns, records } = await readFixture(expected);
      for (const record of records) {
        const { outcome, code } = expected.rows.find(({ row }) => row === record.rowNumber) ?? {};
        const read = 'cells' in record ? readLeadRow(record.cells, columns, partner, leadFields) : null;
        if (read?.kind !== 'lead') continue;
        const earlier = held.get(read.identity);
        expect([expected.file, record.rowNumber, earlier !== undefined]).toEqual([
          expected.file,
          record.rowNumber,
          outcome === 'duplicate',
        ]);
        if (earlier !== undefined) expect(code).toBe(earlier === read.content ? 'ROW_DUPLICATE' : 'ROW_LEAD_CHANGED');
        else if (outcome === 'registered' || outcome === 'in_doubt') held.set(read.identity, read.content);
      }
    }
    expect(held.size).toBeGreaterThan(5);
  });

  it.each(['acme', 'norte', 'brisa'])(
    "%s expects what the sandbox's rule about NIFs makes of its leads",
    async (id) => {
      const partner = partnerOf(id);
      for (const expected of expectations.filter((each) => each.partner === id && each.kind === 'leads')) {
        if (expected.code !== undefined) continue;
        const { columns, records } = await readFixture(expected);
        for (const record of records) {
          const { outcome, code } = expected.rows.find(({ row }) => row === record.rowNumber) ?? {};
          const read = 'cells' in record ? readLeadRow(record.cells, columns, partner, leadFields) : null;
          if (read?.kind !== 'lead' || outcome === 'duplicate') continue;
          const { ko, ...answer } = clientOf(read.fields['dni'] ?? '');
          const decided = decideAfterCheck(answer, read.fields, partner);
          const then = decided.kind === 'create' ? (outcome === 'in_doubt' ? outcome : 'registered') : decided.kind;
          expect([expected.file, record.rowNumber, ko, outcome]).toEqual([
            expected.file,
            record.rowNumber,
            false,
            then,
          ]);
          if (decided.kind === 'failed') expect(code).toBe(decided.problem.code);
        }
      }
    },
  );
});

function codeOf(record: FileRecord, columns: MappedColumns, partner: Partner, kind: FileKind): string | null {
  if (!('cells' in record)) return record.fault;
  const byRow = columnsByRow(columns, kind, leadFieldNames);
  const isLead = kind === 'mixed' ? rowsOfRecord(record.cells, byRow, partner).includes('lead') : kind === 'leads';
  const read = isLead
    ? readLeadRow(record.cells, byRow.lead, partner, leadFields)
    : readUpdateRow(record.cells, byRow.update, partner);
  return read.kind === 'rejected' ? (read.problems[0]?.code ?? null) : null;
}

async function readFixture(expected: Expected): Promise<{ columns: MappedColumns; records: readonly FileRecord[] }> {
  const opened = await openFixture(expected);
  if ('fault' in opened) throw new Error(opened.fault);
  const mapped = mapHeader(opened.header, partnerOf(expected.partner), expected.kind, leadFieldNames);
  if (mapped.kind === 'fault') throw new Error(`${mapped.code} ${mapped.columns.join(', ')}`);
  return { columns: mapped.columns, records: await Array.fromAsync(opened.records) };
}

function textOf({ code, column }: Problem): string {
  return column === undefined ? code : `${code} ${column}`;
}

function byName(file: string): Expected {
  const found = expectations.find((expected) => expected.file === file);
  if (found === undefined) throw new Error(`no expectation of ${file}`);
  return found;
}

/** What the drift guard compares, counted as an ingest counts it; the hash of the header is the header here. */
async function profileOf(expected: Expected) {
  const partner = partnerOf(expected.partner);
  const opened = await openFixture(expected);
  const { columns, records } = await readFixture(expected);
  const fill = createFillTally(columns, { rows: 0, filled: {} });
  const rowsOfLead = new Map<string, number>();
  for (const record of records) {
    if (!('cells' in record)) continue;
    fill.add(record.cells);
    const read = readLeadRow(record.cells, columns, partner, leadFields);
    if (read.kind === 'lead') rowsOfLead.set(read.identity, (rowsOfLead.get(read.identity) ?? 0) + 1);
  }
  return {
    ...fill.result(),
    header: 'header' in opened ? opened.header.join('|') : '',
    configVersion: partner.version,
    mostOfOneLead: Math.max(...rowsOfLead.values()),
  };
}

/** Files of these folders are about what is in them: their names are no partner's. */
function hasAnyName(file: string): boolean {
  return /^(?:bad|drift|reading|rows)\//.test(file);
}

function openFixture({ file, partner, kind }: Expected) {
  const pattern = hasAnyName(file) ? null : partnerOf(partner).files[kind];
  return csvRecordReader.open(join(folder, file), pattern ?? { match: '*.csv' }, partnerOf(partner).limits);
}

function partnerOf(id: string): Partner {
  return parsePartner(id, readFileSync(join(folder, 'partners', `${id}.yaml`), 'utf8'), () => null, { leadFields });
}
