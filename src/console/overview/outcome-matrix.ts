import { html } from 'hono/html';
import type { Stock } from '../../view/take-stock.ts';
import type { Html } from '../frame/frame.ts';
import { hrefOfRows } from '../shown/hrefs.ts';
import { listing } from '../shown/listing.ts';
import { outcomeLinks } from '../shown/outcome-bar.ts';

type Count = Stock['counts'][number];

/** All rows there are, by partner and outcome. */
export function outcomeMatrix(counts: readonly Count[]): Html {
  const present = counts.filter(({ n }) => n > 0);
  if (present.length === 0) return html``;
  const groups = [...Map.groupBy(present, ({ partner, kind }) => `${partner} ${kind}`).values()].map((group) => ({
    partner: group[0]?.partner ?? '',
    kind: group[0]?.kind ?? 'lead',
    counts: Object.fromEntries(group.map(({ state, n }) => [state, n])),
  }));
  return html`<section aria-labelledby="all">
    <h2 id="all">All rows</h2>
    ${listing(
      groups,
      [
        {
          header: 'partner',
          isPlain: true,
          cell: ({ partner }) => html`<a href="${hrefOfRows({ partner })}">${partner}</a>`,
        },
        { header: 'kind', isPlain: true, cell: ({ kind }) => (kind === 'lead' ? 'leads' : 'status updates') },
        {
          header: 'outcomes',
          look: 'wide',
          isPlain: true,
          cell: (group) =>
            outcomeLinks(group.counts, (state) => hrefOfRows({ partner: group.partner, kind: group.kind, state })),
        },
      ],
      { caption: 'All rows by partner, kind and outcome' },
    )}
  </section>`;
}
