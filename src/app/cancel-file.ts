import { claimFile, type ActOnSeen, type ClaimPorts } from './claim-file.ts';
import { isOver, refusal, wasRead, type FileAct } from './file-act.ts';

/**
 * Cancels everything of a file that was not sent, failed rows too: none of it goes to work again unless somebody replays
 * it. Claimed first, so that one alone does it; then held, so that nothing begins meanwhile. What was announced comes to
 * its end. May be repeated.
 */
export async function cancelFile(
  ports: ClaimPorts,
  id: string,
  { seen, ...act }: ActOnSeen,
  done: (rows: number) => void = () => undefined,
): Promise<FileAct<{ readonly rows: number }>> {
  const { ledger } = ports;
  const file = await ledger.file(id);
  if (file === null) return refusal('no_file', null);
  if (isOver(file)) return refusal('over', file);
  if (!wasRead(file)) return refusal('not_read', file);
  const refused = await claimFile(ports, file, 'cancel', { ...act, seen });
  if (refused !== null) return refused;
  if (file.state !== 'held' || file.letThroughTo > 0) await ledger.holdFile(id, act);
  const rows = await ledger.cancelRows(id, 'ROW_CANCELLED', act, { failed: true, done });
  const closed = await ledger.closeCancelled(id, act);
  return closed === null ? refusal('over', file) : { kind: 'done', file: closed, rows };
}
