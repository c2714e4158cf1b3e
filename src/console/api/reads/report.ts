import { showInstant } from '../../../view/instant.ts';
import { readReport } from '../../../view/read-report.ts';
import { reportJson } from '../../../view/report-json.ts';
import type { Console } from '../../console.ts';
import { askOnce } from '../../overview/ask-once.ts';
import { reportQuery } from '../contract/query.ts';
import { report } from '../contract/report.ts';
import { refuse } from '../refusal.ts';
import { defineRoute, done, type Route } from '../route.ts';

/** How a night went. */
export function reportReads({ ports, settings }: Console): readonly Route[] {
  const { timeZone } = settings.surroundings;
  return [
    defineRoute(
      {
        area: 'overview',
        method: 'GET',
        needs: 'viewer',
        path: '/report',
        id: 'readReport',
        says: 'How a night went, of all partners or of one: as `leadsync report --json`.',
        query: reportQuery,
        answer: report,
        refusals: ['CONSOLE_NOT_FOUND'],
      },
      async ({ query }) => {
        // The night and what needs a person ask for much of the same.
        const asked = { ...ports, ledger: askOnce(ports.ledger), nights: askOnce(ports.nights) };
        const found = await readReport(asked, query);
        switch (found.kind) {
          case 'read':
            return done(reportJson(found.report, timeZone));
          case 'not_begun':
            return refuse(
              'CONSOLE_NOT_FOUND',
              `This night has not begun: it does at ${showInstant(found.from, timeZone)}.`,
              {
                hint: 'Ask for one that has. Without `night` it is the one that ends in the morning of today.',
              },
            );
          case 'partner_unknown':
            return refuse('CONSOLE_NOT_FOUND', 'There is no such partner.');
        }
      },
    ),
  ];
}
