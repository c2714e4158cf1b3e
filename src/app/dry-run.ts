import { formatCsvLine } from '../domain/csv-line.ts';
import type { FaultCode } from '../domain/faults.ts';
import { rowKindsOf, type FileKind, type RowKind } from '../domain/file-life.ts';
import type { Partner } from '../domain/partner.ts';
import type { Problem } from '../domain/problem.ts';
import { encodeText, startOfFile } from '../domain/result-encoding.ts';
import { foreseeFile, type ForeseenRecord, type ForeseePorts } from './foresee-file.ts';
import { plainKey } from './plain-key.ts';
import { changedColumns } from './publish-result.ts';
import type { FileRecord } from './ports/record-reader.ts';
import type { LeadPayload, LedgerRow } from './ports/row.ts';
import { resultColumnsOf, resultLine, type ToldRow } from './result-line.ts';
import { openLead } from './row-payload.ts';

/** How many rows would become what, and why. */
export interface DryCount {
  readonly kind: RowKind;
  readonly outcome: string;
  readonly code: FaultCode | null;
  readonly rows: number;
}

export type DryRun =
  | {
      readonly kind: 'looked';
      /** Records: in a mixed file they may count twice below. */
      readonly rows: number;
      readonly counts: readonly DryCount[];
      /** What would hold the file. */
      readonly drift: readonly Problem[];
    }
  | {
      readonly kind: 'refused';
      readonly code: FaultCode;
      readonly detail: Readonly<Record<string, string | number>>;
    };

/**
 * What an import would make of a file, as a result file: same columns, same reading, same look-ups. Nothing is called and
 * nothing is written in the ledger. `write` is given the file piece by piece; a file that can't be read has none.
 */
export async function dryRun(
  ports: ForeseePorts,
  { path, partner, kind }: { readonly path: string; readonly partner: Partner; readonly kind: FileKind },
  write: (piece: string | Uint8Array) => Promise<void>,
  seen?: (record: FileRecord) => void,
): Promise<DryRun> {
  const foreseen = await foreseeFile(ports, { path, partner, kind }, seen);
  if (foreseen.kind === 'refused') return foreseen;
  const { encoding } = partner.results;
  const delimiter = partner.results.delimiter ?? foreseen.delimiter;
  const counts = new Map<string, DryCount & { rows: number }>();
  let lastRow = 0;
  let rows = 0;
  await write(encodeText(startOfFile(encoding) + formatCsvLine(resultColumnsOf(kind), delimiter), encoding));
  for await (const batch of foreseen.batches) {
    const lines: string[] = [];
    for (const record of batch) {
      const rowKind = record.row.kind ?? rowKindsOf(kind)[0] ?? 'lead';
      const outcome = outcomeOf(record, rowKind);
      const line = await lineOf(ports, record, outcome, partner);
      lines.push(formatCsvLine(kind === 'mixed' ? [...line, rowKind] : line, delimiter));
      if (record.rowNumber !== lastRow) rows += 1;
      lastRow = record.rowNumber;
      const key = `${rowKind} ${outcome} ${record.code ?? ''}`;
      const count = counts.get(key) ?? { kind: rowKind, outcome, code: record.code, rows: 0 };
      count.rows += 1;
      counts.set(key, count);
    }
    await write(encodeText(lines.join(''), encoding));
  }
  const sorted = [...counts.values()].toSorted((a, b) => b.rows - a.rows || (a.outcome < b.outcome ? -1 : 1));
  return { kind: 'looked', rows, counts: sorted, drift: await foreseen.drift() };
}

/** The client check is the first call of a lead, and the push that of an update. */
function outcomeOf({ becomes }: ForeseenRecord, kind: RowKind): string {
  if (becomes !== 'work') return becomes;
  return kind === 'lead' ? 'would_check' : 'would_push';
}

async function lineOf(
  { vault }: ForeseePorts,
  { row, becomes, code, original }: ForeseenRecord,
  outcome: string,
  partner: Partner,
): Promise<readonly string[]> {
  const payload = JSON.parse(plainKey.open(row.payload)) as LeadPayload;
  const told: ToldRow = { ...blank, ...row, state: becomes === 'work' ? 'received' : becomes, code };
  const before = original !== null && 'id' in original ? await openBefore(vault, original, code) : null;
  const source = {
    row: told,
    outcome,
    original: original === null ? null : 'id' in original ? original : { ...blank, rowNumber: original.rowNumber },
    partnerLeadId: payload.partnerLeadId,
    message: null,
    changed: before === null ? [] : changedColumns(before, payload.fields),
  };
  return resultLine(source, partner);
}

/** The fields of a row in the ledger, where they tell what the new row changes. */
async function openBefore(
  vault: ForeseePorts['vault'],
  original: LedgerRow,
  code: FaultCode | null,
): Promise<LeadPayload['fields'] | null> {
  if (code !== 'ROW_LEAD_CHANGED' && code !== 'ROW_LEAD_CHANGE_HELD') return null;
  return (await openLead(vault, original)).fields;
}

const blank: ToldRow = {
  rowNumber: null,
  fileId: null,
  state: 'received',
  leadId: null,
  idLanding: null,
  agenteId: null,
  clientAnswer: null,
  code: null,
  problems: [],
  warnings: [],
  updatedAt: null,
};
