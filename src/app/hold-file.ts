import { unsentRowStates } from '../domain/lead-row.ts';
import { type FileAct, isOver, overtaken, refusal } from './file-act.ts';
import type { Ports } from './ports.ts';
import type { Act } from './ports/held-files.ts';

/**
 * Holds a file: nothing further of it is read, and no call of it begins from now on. What was announced comes to its
 * end. Works on a file that has arrived, is being read, is at work, or has been settled and is at work again.
 */
export async function holdFile({ ledger }: Pick<Ports, 'ledger'>, id: string, act: Act): Promise<FileAct> {
  const file = await ledger.fileView(id);
  if (file === null) return refusal('no_file', null);
  const hasWork = unsentRowStates.some((state) => (file.counts[state] ?? 0) > 0);
  if (isOver(file) || (file.state === 'settled' && !hasWork)) return refusal('over', file);
  if (file.state === 'held' && file.letThroughTo === 0) return refusal('held_already', file);
  const held = await ledger.holdFile(id, act);
  return held === null ? overtaken({ ledger }, file) : { kind: 'done', file: held };
}

/** Lets a held file through: it goes on where it stopped. The leader makes its rows due within a second. */
export async function releaseFile({ ledger }: Pick<Ports, 'ledger'>, id: string, act: Act): Promise<FileAct> {
  const file = await ledger.file(id);
  if (file === null) return refusal('no_file', null);
  const released = await ledger.releaseFile(id, act);
  return released === null ? refusal('not_held', file) : { kind: 'done', file: released };
}
