import { cancelFile } from '../../app/cancel-file.ts';
import type { ActOnSeen } from '../../app/claim-file.ts';
import { refusal, wasRead, type FileAct } from '../../app/file-act.ts';
import { countUnsent } from '../../view/file-remains.ts';
import type { ConsolePorts } from '../ports.ts';

/** Cancels a file, unless nothing of it is left: of two who do it one after the other, the second is told so. */
export async function cancelWhatIsLeft(
  ports: Pick<ConsolePorts, 'fileClaims' | 'ledger'>,
  id: string,
  act: ActOnSeen,
): Promise<FileAct<{ readonly rows: number }>> {
  const file = await ports.ledger.file(id);
  const hasNone = file !== null && wasRead(file) && countUnsent(await ports.ledger.countExactly(id)) === 0;
  // Where it has moved on since, that is what there is to tell.
  if (hasNone && (await ports.fileClaims.lastEvent(id)) === act.seen) return refusal('over', file);
  return cancelFile(ports, id, act);
}
