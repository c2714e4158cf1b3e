import { replayJson } from '../../../view/replay-json.ts';
import type { Console } from '../../console.ts';
import { replayQuery } from '../contract/query.ts';
import { replayLife, replays } from '../contract/replay.ts';
import { refuse } from '../refusal.ts';
import { defineRoute, done, type Route } from '../route.ts';

const usualReplays = 50;
/** Of the rows of a replay that stayed. */
const stayedShown = 50;

export function replayReads({ ports }: Console): readonly Route[] {
  const of = { area: 'replays', method: 'GET', needs: 'viewer' } as const;
  return [
    defineRoute(
      {
        ...of,
        path: '/replays',
        id: 'listReplays',
        says: 'The replays there were, newest first.',
        query: replayQuery,
        answer: replays,
      },
      async ({ query: { limit = usualReplays } }) => {
        const batches = await ports.replays.replayBatches(limit);
        return done({ replays: batches.map((batch) => replayJson(batch)) });
      },
    ),
    defineRoute(
      {
        ...of,
        path: '/replays/{replay}',
        id: 'readReplay',
        says: 'How far a replay is, and the rows that stayed.',
        answer: replayLife,
        refusals: ['CONSOLE_NOT_FOUND'],
      },
      async ({ place }) => {
        const batch = await ports.replays.replayBatch(place);
        if (batch === null) return refuse('CONSOLE_NOT_FOUND', 'There is no such replay.');
        const [stayed, works, takesIn] = await Promise.all([
          ports.replays.stayedRows(place, stayedShown),
          ports.ledger.serviceAlive('worker'),
          ports.ledger.serviceAlive('intake'),
        ]);
        const serviceNeeded = batch.state === 'running' && !works && !takesIn;
        return done({ ...replayJson(batch, stayed), serviceNeeded });
      },
    ),
  ];
}
