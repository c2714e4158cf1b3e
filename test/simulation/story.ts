import type { Tables } from '../support/in-memory/tables.ts';
import type { RemoteApi } from './remote-api.ts';

/** Everything that the ledger and the API have written down, in the order in which it happened. */
export function storyOf(api: RemoteApi, tables: Tables): string {
  const lines = [
    ...tables.audit.map(({ at, actor, action, rowId, fileId, from, to, code, fence, version }) => ({
      at,
      text: [
        rowId === null ? `file ${fileId ?? '-'}` : `row ${rowId}`,
        action,
        to === null ? '' : `${from ?? ''} > ${to}`,
        `v${version ?? '-'} f${fence ?? '-'}`,
        code ?? '',
        `by ${actor}`,
      ],
    })),
    ...api.created.map(({ at, leadId, rowId, partnerLeadId }) => ({
      at,
      text: ['API', `created ${leadId}`, `of ${partnerLeadId}`, `for row ${rowId}`],
    })),
    ...api.applied.map(({ at, leadId, rowId }) => ({ at, text: ['API', `updated ${leadId}`, `by row ${rowId}`] })),
  ];
  const rows = [...tables.rows.values()].map(
    (row) =>
      `row ${row.id}: ${row.kind} ${row.partner} ${row.state} ${row.code ?? ''} next ${row.nextAt} lead row ${row.leadRow} ` +
      `id ${row.leadId} date ${row.orderKey} arrived ${row.arrivedAt.toFixed(0)} file ${row.fileId}:${row.rowNumber} of ${row.duplicateOf} attempts ${row.attempts}`,
  );
  return [
    ...lines
      .toSorted((one, other) => one.at - other.at)
      .map(({ at, text }) => `${(at / 1_000).toFixed(3).padStart(9)} ${text.filter((part) => part !== '').join('  ')}`),
    ...rows,
  ].join('\n');
}
