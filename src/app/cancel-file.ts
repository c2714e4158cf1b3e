import { isOver, refusal, wasRead, type FileAct } from './file-act.ts';
import type { Ports } from './ports.ts';
import type { Act } from './ports/held-files.ts';

/**
 * Cancels everything of a file that was not sent, failed rows too: none of it goes to work again unless somebody replays
 * it. Held first, so that nothing begins meanwhile; what was announced comes to its end. May be repeated.
 */
export async function cancelFile(
  { ledger }: Pick<Ports, 'ledger'>,
  id: string,
  act: Act,
  done: (rows: number) => void = () => undefined,
): Promise<FileAct<{ readonly rows: number }>> {
  const file = await ledger.file(id);
  if (file === null) return refusal('no_file', null);
  if (isOver(file)) return refusal('over', file);
  if (!wasRead(file)) return refusal('not_read', file);
  if (file.state !== 'held' || file.letThroughTo > 0) await ledger.holdFile(id, act);
  const rows = await ledger.cancelRows(id, 'ROW_CANCELLED', act, { failed: true, done });
  const closed = await ledger.closeCancelled(id, act);
  return closed === null ? refusal('over', file) : { kind: 'done', file: closed, rows };
}
