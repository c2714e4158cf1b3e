import type { Console } from '../../console.ts';
import { readRows } from '../../rows/read-rows.ts';
import { readRowsAsked } from '../../rows/row-filters.ts';
import { rowQuery } from '../contract/query.ts';
import { rowPage } from '../contract/row.ts';
import { given, refuseFaults } from '../query-faults.ts';
import { refuse } from '../refusal.ts';
import { defineRoute, done, type Route } from '../route.ts';
import { shownRow } from '../shown-row.ts';

export function rowReads({ ports, settings }: Console): readonly Route[] {
  const { timeZone } = settings.surroundings;
  return [
    defineRoute(
      {
        area: 'rows',
        method: 'GET',
        needs: 'viewer',
        path: '/rows',
        id: 'listRows',
        says: 'Rows by what they have in common, the newest file first, in the order of the file.',
        query: rowQuery,
        answer: rowPage,
      },
      async ({ query }) => {
        const { limit, ...asked } = query;
        const filter = readRowsAsked(given(asked), { now: new Date(ports.clock.wallMs()), timeZone });
        const refused = refuseFaults(filter.faults);
        if (refused !== null) return refused;
        // A page begins anew where there is no such row: whoever goes on from page to page would never come to an end.
        if (asked.after !== undefined && (await ports.ledger.row(asked.after)) === null)
          return refuse('CONSOLE_REQUEST_INVALID', 'after: there is no such row');
        const { rows, all, next, lookedAt } = await readRows(ports, filter, limit);
        const shown = await Promise.all(rows.map(({ row }) => shownRow(ports.vault, row)));
        return done({ rows: shown, all, next, lookedAt });
      },
    ),
  ];
}
