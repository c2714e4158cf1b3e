import type { Act } from '../../app/ports/held-files.ts';
import type { ReplayGroup, RowSelection } from '../../app/ports/replay-ledger.ts';
import { sayReplayProgress } from '../../view/replay-words.ts';
import { notDone, type DeedEnd } from '../acts/deed.ts';
import type { ConsolePorts } from '../ports.ts';
import { digestOf } from './read-selection.ts';

type ReplayPorts = Pick<ConsolePorts, 'replays'>;

/** Freezes what was shown and lets it go. `seen` is the digest of what was shown. */
export async function beginReplay(
  { replays }: ReplayPorts,
  selection: RowSelection,
  { seen, ...by }: Act & { readonly ratePerSecond: number; readonly seen: string },
): Promise<DeedEnd<{ readonly id: string; readonly groups: readonly ReplayGroup[] }>> {
  const { id, groups } = await replays.proposeReplay(selection, by);
  if (id === null) return notDone('moved_on', 'No row of these can be replayed any more.');
  if (digestOf(groups) !== seen) {
    await replays.discardReplay(id);
    return notDone(
      'moved_on',
      'Since you looked, rows have moved: other rows would be replayed than were shown. Look at them again.',
    );
  }
  if (!(await replays.startReplay(id)))
    return notDone('moved_on', 'The selection is gone: it waited for too long. Look at it again.');
  return { kind: 'done', id, groups };
}

/** Ends a replay where it is. */
export async function abortReplay({ replays }: ReplayPorts, id: string, act: Act): Promise<DeedEnd> {
  const batch = /^\d{1,18}$/.test(id) ? await replays.replayBatch(id) : null;
  if (batch === null) return notDone('no_such', 'There is no such replay.');
  if (await replays.abortReplay(id, act)) return { kind: 'done' };
  const now = (await replays.replayBatch(id)) ?? batch;
  return notDone('moved_on', `Replay ${id} is ${now.state} already: ${sayReplayProgress(now)}.`);
}
