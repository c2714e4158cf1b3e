import type { LedgerRow } from '../app/ports/row.ts';
import { showInstant } from '../view/instant.ts';
import { outcomeWords } from '../view/outcome-words.ts';
import { formatTable } from './table.ts';

/** A listing of rows. The year and the seconds give way to the width of a terminal: `--json` has them. */
export function formatRows(
  rows: readonly LedgerRow[],
  at: { readonly timeZone: string; readonly width: number },
): string {
  return formatTable(
    [
      { header: 'row', align: 'right' },
      { header: 'file:row', align: 'right' },
      { header: 'partner', canShrink: true },
      { header: 'kind' },
      { header: 'state', canShrink: true },
      { header: 'code', canShrink: true },
      { header: 'leadId', canShrink: true },
      { header: 'changed' },
    ],
    rows.map((row) => [
      row.id,
      row.fileId === null ? (row.kind === 'lead' ? 'recovered' : 'by hand') : `${row.fileId}:${row.rowNumber ?? ''}`,
      row.partner,
      row.kind,
      outcomeWords[row.state].word,
      row.code ?? '',
      row.leadId ?? '',
      showInstant(row.updatedAt, at.timeZone).slice(5, 16),
    ]),
    at.width,
  );
}
