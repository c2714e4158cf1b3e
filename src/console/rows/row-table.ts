import { html } from 'hono/html';
import { sayPlace } from '../../view/row-json.ts';
import type { Html } from '../frame/frame.ts';
import { hrefOfFile, hrefOfRow } from '../shown/hrefs.ts';
import { listing } from '../shown/listing.ts';
import { rowBadge } from '../shown/state-badge.ts';
import { whenShort } from '../shown/when.ts';
import type { NamedRow } from './read-rows.ts';

export function rowTable(rows: readonly NamedRow[], timeZone: string): Html {
  return listing(
    rows,
    [
      { header: 'row', cell: ({ row }) => html`<a href="${hrefOfRow(row.id)}">${row.id}</a>` },
      { header: 'state', isPlain: true, cell: ({ row }) => rowBadge(row.state) },
      { header: 'code', isPlain: true, cell: ({ row }) => (row.code === null ? null : html`<code>${row.code}</code>`) },
      { header: 'partner', isPlain: true, cell: ({ row }) => row.partner },
      { header: 'kind', isPlain: true, cell: ({ row }) => row.kind },
      { header: 'came in', isPlain: true, cell: place },
      { header: 'partnerLeadId', look: 'wide', cell: ({ partnerLeadId }) => partnerLeadId },
      { header: 'leadId', cell: ({ row }) => row.leadId },
      { header: 'changed', cell: ({ row }) => whenShort(row.updatedAt, timeZone) },
    ],
    { caption: 'Rows' },
  );
}

function place({ row }: NamedRow): Html | string {
  if (row.fileId === null) return sayPlace(row);
  return html`<a href="${hrefOfFile(row.fileId)}">file ${row.fileId}</a>, row ${row.rowNumber ?? ''}`;
}
