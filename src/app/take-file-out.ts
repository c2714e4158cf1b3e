import { nameOfFile, refusal, type FileAct } from './file-act.ts';
import type { Ports } from './ports.ts';
import type { AuditLog } from './ports/audit-log.ts';
import type { FileBytes } from './ports/file-bytes.ts';
import type { Act } from './ports/held-files.ts';
import type { LedgerFile } from './ports/ledger.ts';

type TakeOutPorts = Pick<Ports, 'folders' | 'ledger' | 'vault'> & {
  readonly bytes: FileBytes;
  readonly auditLog: Pick<AuditLog, 'note'>;
};

/**
 * The plain bytes of a file that is kept here, wherever it stands: archived, turned away, or claimed. They are personal
 * data: that they were taken out is audited before the first of them is given.
 */
export async function takeFileOut(
  ports: TakeOutPorts,
  id: string,
  act: Act,
): Promise<FileAct<{ readonly bytes: AsyncIterable<Uint8Array> }>> {
  const file = await ports.ledger.file(id);
  if (file === null) return refusal('no_file', null);
  const found = await findKept(ports, file);
  if (found === null) return refusal('not_here', file);
  const { partner } = file;
  await ports.auditLog.note({ action: 'file.exported', ...act, detail: { fileId: id, partner, place: found.place } });
  return { kind: 'done', file, bytes: ports.bytes.read(found.path, 0) };
}

async function findKept(ports: TakeOutPorts, file: LedgerFile) {
  const { folders } = ports;
  const { partner, id, sha256 } = file;
  const archived = await folders.archivedAt(partner, id);
  if (archived !== null) return { place: 'archive', path: archived };
  const name = await nameOfFile(ports, file);
  const rejected = await folders.rejectedAt({ partner, name }, id);
  if (rejected !== null) return { place: 'rejected', path: rejected };
  const claimed = (await folders.listClaimed()).find((one) => one.partner === partner && one.sha256 === sha256);
  if (claimed !== undefined) return { place: 'claimed', path: claimed.path };
  // While the disk of the archive is full, say.
  const leaving = (await folders.listHalfPutAway()).find(({ fileId }) => fileId === id);
  return leaving === undefined ? null : { place: 'claimed', path: leaving.file.path };
}
