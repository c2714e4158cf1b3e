import { formatCsvLine } from '../domain/csv-line.ts';
import type { Ports } from './ports.ts';
import type { AuditLog } from './ports/audit-log.ts';
import type { Act } from './ports/held-files.ts';
import type { LedgerRow } from './ports/row.ts';
import { openPartnerLeadId } from './row-payload.ts';

type LeadPorts = Pick<Ports, 'ledger' | 'vault'>;

/** A lead that the insurer has or may have. */
export interface CreatedLead {
  readonly row: LedgerRow;
  readonly partnerLeadId: string | null;
}

const pageRows = 500;

/** The leads of a file that exist or may exist, in the order of the file: what the insurer has to be told. */
export async function* createdLeads({ ledger, vault }: LeadPorts, fileId: string): AsyncGenerator<CreatedLead> {
  for (let after = 0; ;) {
    const rows = await ledger.leadsOf(fileId, after, pageRows);
    for (const row of rows) yield { row, partnerLeadId: await openPartnerLeadId(vault, row) };
    const last = rows.at(-1)?.rowNumber;
    if (last === undefined || last === null || rows.length < pageRows) return;
    after = last;
  }
}

/** What the insurer is told of a lead, in order: names are promises. */
export const createdLeadColumns = ['row', 'state', 'leadId', 'idLanding', 'partnerLeadId', 'updatedAt'] as const;

export function createdLeadCells({ row, partnerLeadId }: CreatedLead): string[] {
  const { rowNumber, state, leadId, idLanding, updatedAt } = row;
  return [String(rowNumber ?? ''), state, leadId ?? '', idLanding ?? '', partnerLeadId ?? '', updatedAt.toISOString()];
}

/** The leads of a file as CSV for a spreadsheet. That they were taken out is audited, before the first line. */
export async function* exportCreatedLeads(
  ports: LeadPorts & { readonly auditLog: Pick<AuditLog, 'note'> },
  fileId: string,
  act: Act,
): AsyncGenerator<string> {
  await ports.auditLog.note({ action: 'rows.exported', ...act, detail: { file: fileId, columns: createdLeadColumns } });
  yield `\uFEFF${formatCsvLine(createdLeadColumns, ';')}`;
  for await (const lead of createdLeads(ports, fileId)) yield formatCsvLine(createdLeadCells(lead), ';');
}
