import type { Console } from '../../console.ts';
import { lookForRows } from '../../search/look-for-rows.ts';
import { search, searchFound } from '../contract/search.ts';
import { defineRoute, done, type Route } from '../route.ts';
import { shownRow } from '../shown-row.ts';

export function searchReads({ ports }: Console): readonly Route[] {
  return [
    defineRoute(
      {
        area: 'rows',
        // What is searched for may be personal: it stands in no address.
        method: 'POST',
        needs: 'viewer',
        path: '/search',
        id: 'searchRows',
        says: 'The newest 50 rows of a NIF, phone, e-mail, partnerLeadId, leadId, idLanding or row. Audited.',
        body: search,
        answer: searchFound,
      },
      async ({ body: { text }, caller }) => {
        const {
          rows: ids,
          by,
          unseen,
        } = await lookForRows(ports, text.trim(), { actor: caller.actor, by: 'console /api/search' });
        const rows = await Promise.all(ids.map((id) => ports.ledger.row(id)));
        const shown = rows.filter((row) => row !== null).map((row) => shownRow(ports.vault, row));
        return done({ rows: await Promise.all(shown), by, unseen });
      },
    ),
  ];
}
