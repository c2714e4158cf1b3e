import { doubtJson } from '../../../view/doubt.ts';
import type { Console } from '../../console.ts';
import { readDoubts } from '../../doubts/read-doubts.ts';
import { verdictsFor } from '../../doubts/verdicts.ts';
import { doubtPage } from '../contract/doubt.ts';
import { doubtQuery } from '../contract/query.ts';
import { given } from '../query-faults.ts';
import { refuse } from '../refusal.ts';
import { readRowKind } from '../../../view/row-words.ts';
import { defineRoute, done, type Route } from '../route.ts';
import { masked } from '../shown-row.ts';

export function doubtReads({ ports }: Console): readonly Route[] {
  return [
    defineRoute(
      {
        area: 'in-doubt',
        method: 'GET',
        needs: 'viewer',
        path: '/in-doubt',
        id: 'listDoubts',
        says: 'What may have been carried out, oldest first, each with its evidence and the ways out.',
        query: doubtQuery,
        answer: doubtPage,
      },
      async ({ query: { limit, ...query } }) => {
        if (query.kind !== undefined && readRowKind(query.kind) === null)
          return refuse('CONSOLE_REQUEST_INVALID', 'kind: Expected leads or updates.');
        const { doubts, all, next } = await readDoubts(ports, given(query), limit);
        const rows = doubts.map((doubt) => ({
          ...masked(doubtJson(doubt)),
          verdicts: verdictsFor(doubt.row).map(({ kind, when, then }) => ({ verdict: kind, when, then })),
          attempt: doubt.attempt,
        }));
        return done({ rows, all, next });
      },
    ),
  ];
}
