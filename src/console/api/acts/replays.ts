import { replayJson } from '../../../view/replay-json.ts';
import type { Console } from '../../console.ts';
import { abortReplay, beginReplay } from '../../replays/replay-deeds.ts';
import { replayRate } from '../../replays/replay-rate.ts';
import { digestOf } from '../../replays/read-selection.ts';
import { act } from '../contract/act.ts';
import { replay, replayBegun, replayPreview } from '../contract/replay.ts';
import { replayBody } from '../contract/replay-act.ts';
import { selectionWanted } from '../contract/row-selection.ts';
import { defineRoute, done, type Route } from '../route.ts';
import { readSelected } from '../selected.ts';
import { deedRefusals, ended } from './ended.ts';

/** `POST /api/replays/…`: shown first, then begun, and ended. */
export function replayActs(parts: Pick<Console, 'ports' | 'settings'>): readonly Route[] {
  const { ports } = parts;
  const of = { area: 'replays', method: 'POST' } as const;
  const batchOf = async (id: string) => {
    const batch = await ports.replays.replayBatch(id);
    if (batch === null) throw new Error('a replay that was begun is gone');
    return replayJson(batch);
  };
  return [
    defineRoute(
      {
        ...of,
        needs: 'viewer',
        path: '/replays/preview',
        id: 'previewReplay',
        says: 'What a replay would do, by class. Nothing is done.',
        body: selectionWanted,
        answer: replayPreview,
      },
      async ({ body: { filter } }) => {
        const read = readSelected(filter, parts);
        if (read.kind === 'refused') return read;
        const { selection } = read;
        const groups = await ports.replays.previewReplay(selection);
        return done({ replay: null, groups, seen: digestOf(groups) });
      },
    ),
    defineRoute(
      {
        ...of,
        needs: 'operator',
        path: '/replays',
        id: 'beginReplay',
        says: 'Takes the rows that were shown as safe back to work. A service carries it out.',
        body: replayBody,
        answer: replayBegun,
        status: 201,
        refusals: ['CONSOLE_MOVED_ON'],
        takesKey: true,
      },
      async ({ body: { filter, seen, rate }, act: wanted }) => {
        const read = readSelected(filter, parts);
        if (read.kind === 'refused') return read;
        const { selection } = read;
        const ratePerSecond = rate ?? replayRate('', ports.settings) ?? 1;
        return ended(
          await beginReplay(ports, selection, { ...wanted, ratePerSecond, seen }),
          async ({ id, groups }) => ({ replay: await batchOf(id), groups }),
        );
      },
    ),
    defineRoute(
      {
        ...of,
        needs: 'operator',
        path: '/replays/{replay}/abort',
        id: 'abortReplay',
        says: 'Ends a replay where it is. What is back at work stays there.',
        body: act,
        answer: replay,
        refusals: deedRefusals,
      },
      async ({ place, act: wanted }) => ended(await abortReplay(ports, place, wanted), () => batchOf(place)),
    ),
  ];
}
