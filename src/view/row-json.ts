import { erasureOfPerson, withheldOf } from '../domain/retention.ts';
import { openMessage, openPartnerLeadId } from '../app/row-payload.ts';
import type { LedgerRow } from '../app/ports/row.ts';
import type { Vault } from '../app/ports/vault.ts';

/** A row as scripts see it: names are promises, added to and never renamed. The only personal value is partnerLeadId. */
export async function rowJson(vault: Vault, row: LedgerRow) {
  return {
    id: row.id,
    fileId: row.fileId,
    row: row.rowNumber,
    kind: row.kind,
    partner: row.partner,
    partnerLeadId: await openPartnerLeadId(vault, row),
    state: row.state,
    version: row.version,
    step: row.step,
    code: row.code,
    problems: row.problems,
    warnings: row.warnings,
    message: await openMessage(vault, row),
    leadId: row.leadId,
    idLanding: row.idLanding,
    agenteId: row.agenteId,
    duplicateOf: row.duplicateOf,
    leadRow: row.leadRow,
    attempts: row.attempts,
    replays: row.replays,
    nextAt: row.nextAt,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    erasure: erasureOfPerson(row),
    retention: withheldOf(row),
  };
}

/** Where a row stands, for people: `file 3, row 17`. */
export function sayPlace(row: Pick<LedgerRow, 'fileId' | 'kind' | 'rowNumber'>): string {
  if (row.fileId === null) return row.kind === 'lead' ? 'recovered without its file' : 'entered by hand';
  return `file ${row.fileId}, row ${row.rowNumber ?? ''}`;
}
