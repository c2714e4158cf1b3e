import { constants } from 'node:fs';
import { lstat, mkdir, open, rename, rmdir, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { FileBytes } from '../../app/ports/file-bytes.ts';
import type { ClaimedFile, FoundFile } from '../../app/ports/folders.ts';
import { withoutSealedEnding } from '../../domain/sealed-ending.ts';
import { bringCompanions } from './companions.ts';
import { digestOf } from './digest.ts';
import { errorCode } from './error-code.ts';
import { stampOf } from './file-stamp.ts';
import { watchForLateWrites } from './late-writes.ts';
import { readClaimed } from './list-claimed.ts';
import { openFile } from './open-file.ts';
import { plainName } from './plain-name.ts';
import { putBack } from './put-back.ts';
import { fsPath } from './raw-path.ts';
import { leaveSlot, takenFolder, takeSlot } from './slot.ts';
import { syncFolder } from './sync-folder.ts';
import { viaTemporary } from './temporary.ts';
import { writeChunks } from './write-chunks.ts';

/**
 * Moves a file to .taken/<sha256>/<name>. Of any number of claimers the one whose rename finds the file wins, the others
 * get null. Null as well if the file is gone, is a link now, or is not what was proven any more: it stays where it is.
 */
export async function claimFile(inbox: string, found: FoundFile): Promise<ClaimedFile | null> {
  const original = fsPath(found.path);
  const file = await openFile(original);
  if (file === null) return null;
  await using opened = file;
  const before = await opened.stat({ bigint: true });
  if (!before.isFile() || before.nlink !== 1n || stampOf(before) !== found.stamp) return null;
  const { sha256, bytes } = await digestOf(opened);
  const after = await opened.stat({ bigint: true });
  if (stampOf(after) !== found.stamp || BigInt(bytes) !== before.size) return null;
  await syncContent(opened);

  const slot = await takeSlot(takenFolder(inbox, found.partner), sha256, found.isInSubfolder);
  const path = join(slot, plainName(found.name));
  try {
    await rename(original, path);
  } catch (error) {
    await rmdir(slot).catch(() => {});
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
  const moved = await lstat(path, { bigint: true });
  if (stampOf(moved) !== found.stamp) {
    // Written to since our hash, or another file took the name before our rename.
    await putBack(path, original);
    await leaveSlot(path);
    return null;
  }
  // What comes back would come back into the partner's folder itself, where it was not meant to be.
  if (!found.isInSubfolder) await watchForLateWrites(path, sha256, moved);
  await bringCompanions(slot, found.companions);
  await syncFolder(slot);
  return readClaimed(found.partner, path, { bytes, firstSeenMs: found.firstSeenMs });
}

/** Copies a file from anywhere into the claimed place of a partner: it is first seen now. Throws if it changes meanwhile. */
export async function claimCopy(
  inbox: string,
  partner: string,
  { path: from, bytes: contents }: { readonly path: string; readonly bytes: FileBytes },
  nowMs: number,
): Promise<ClaimedFile> {
  const taken = takenFolder(inbox, partner);
  await mkdir(taken, { recursive: true, mode: 0o700 });
  await using source = await open(from, constants.O_RDONLY | constants.O_NONBLOCK);
  const before = await source.stat({ bigint: true });
  if (!before.isFile()) throw new Error('only a file can be imported');
  let path = '';
  const { bytes } = await viaTemporary(
    taken,
    0o600,
    (copy) =>
      contents.isSealed(from)
        ? writeChunks(copy, contents.read(from, 0))
        : digestOf(source, (chunk) => copy.writeFile(chunk)),
    async (temporary, { sha256 }) => {
      const after = await source.stat({ bigint: true });
      if (stampOf(after) !== stampOf(before)) throw new Error('the file changed while it was copied');
      path = join(
        await takeSlot(taken, sha256, false),
        plainName(basename(contents.isSealed(from) ? withoutSealedEnding(from) : from)),
      );
      await rename(temporary, path);
      await syncFolder(dirname(path));
    },
  );
  return readClaimed(partner, path, { bytes, firstSeenMs: nowMs });
}

/** The ledger will say that the file has arrived, so its bytes must outlive a power cut. */
async function syncContent(file: FileHandle): Promise<void> {
  await file.sync().catch((error: unknown) => {
    // Some systems sync only what is open for writing.
    if (!['EPERM', 'EBADF', 'EINVAL', 'EACCES'].includes(errorCode(error))) throw error;
  });
}
