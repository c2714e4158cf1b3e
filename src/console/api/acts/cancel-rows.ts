import type { Console } from '../../console.ts';
import { cancelSelected, digestOfCancel } from '../../rows/cancel-selected.ts';
import { cancelBody, cancelPreview, rowsCancelled } from '../contract/cancel.ts';
import { selectionWanted } from '../contract/row-selection.ts';
import { defineRoute, done, type Route } from '../route.ts';
import { readSelected } from '../selected.ts';
import { ended } from './ended.ts';

/** `POST /api/rows/cancel`: rows out of work before they are sent, shown first. */
export function cancelActs(parts: Pick<Console, 'ports' | 'settings'>): readonly Route[] {
  const { ports } = parts;
  const of = { area: 'rows', method: 'POST' } as const;
  return [
    defineRoute(
      {
        ...of,
        needs: 'viewer',
        path: '/rows/cancel/preview',
        id: 'previewCancel',
        says: 'What can be cancelled of these rows, and what can not. Nothing is done.',
        body: selectionWanted,
        answer: cancelPreview,
      },
      async ({ body: { filter } }) => {
        const read = readSelected(filter, parts);
        if (read.kind === 'refused') return read;
        const { groups } = await ports.cancels.previewCancel(read.selection);
        return done({ cancelled: null, groups, seen: digestOfCancel(groups) });
      },
    ),
    defineRoute(
      {
        ...of,
        needs: 'operator',
        path: '/rows/cancel',
        id: 'cancelRows',
        says: 'Takes the rows that were shown out of work: received, waiting, checked or failed, and rejected where asked for.',
        body: cancelBody,
        answer: rowsCancelled,
        refusals: ['CONSOLE_MOVED_ON'],
      },
      async ({ body: { filter, seen }, act }) => {
        const read = readSelected(filter, parts);
        if (read.kind === 'refused') return read;
        return ended(await cancelSelected(ports, read.selection, { ...act, seen }), (end) => end);
      },
    ),
  ];
}
