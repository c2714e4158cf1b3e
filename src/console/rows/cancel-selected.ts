import { createHash } from 'node:crypto';
import { cancelRows } from '../../app/cancel-rows.ts';
import type { CancelGroup } from '../../app/ports/cancel-ledger.ts';
import type { Act } from '../../app/ports/held-files.ts';
import type { RowSelection } from '../../app/ports/replay-ledger.ts';
import { notDone, type DeedEnd } from '../acts/deed.ts';
import type { ConsolePorts } from '../ports.ts';

type CancelPorts = Pick<ConsolePorts, 'cancels'>;

/** Takes rows out of work before they are sent, if the same can be cancelled as was shown. */
export async function cancelSelected(
  ports: CancelPorts,
  selection: RowSelection,
  { seen, ...act }: Act & { readonly seen: string },
): Promise<DeedEnd<{ readonly cancelled: number; readonly groups: readonly CancelGroup[] }>> {
  const { groups, upTo } = await ports.cancels.previewCancel(selection);
  if (upTo === null || !groups.some(({ canBeCancelled }) => canBeCancelled))
    return notDone('moved_on', 'No row of these can be cancelled any more.');
  if (digestOfCancel(groups) !== seen)
    return notDone(
      'moved_on',
      'Since you looked, rows have moved: other rows would be cancelled than were shown. Look at them again.',
    );
  return { kind: 'done', cancelled: await cancelRows(ports, selection, upTo, act), groups };
}

/** Tells the rows that were shown as to be cancelled from those that would be by now. */
export function digestOfCancel(groups: readonly CancelGroup[]): string {
  const lines = groups
    .filter(({ canBeCancelled }) => canBeCancelled)
    .map(({ partner, kind, state, code, n }) => JSON.stringify([partner, kind, state, code, n]));
  return createHash('sha256').update(lines.toSorted().join('\n')).digest('base64url').slice(0, 22);
}
