import { link, lstat, mkdir, open, rename, rm, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FileBytes } from '../../app/ports/file-bytes.ts';
import { sealedEnding } from '../../domain/sealed-ending.ts';
import { putCompanionsAway } from './companions.ts';
import { errorCode } from './error-code.ts';
import { moveFile } from './move.ts';
import { leaveSlot } from './slot.ts';
import { syncFolder } from './sync-folder.ts';
import { viaTemporary } from './temporary.ts';
import { writeChunks } from './write-chunks.ts';

/**
 * Puts a claimed file where it is kept, sealed, and takes the plain one away once the sealed one is on disk. May be
 * repeated at any point, by two processes at once: the first sealed file stays, and a source that is gone with the target
 * there has been put away. Answers where it is.
 */
export async function putAway(bytes: FileBytes, partner: string, path: string, plainTarget: string): Promise<string> {
  const target = `${plainTarget}${sealedEnding}`;
  await mkdir(dirname(target), { recursive: true, mode: 0o750 });
  await putCompanionsAway(path, plainTarget);
  // Out of the archive, where it was sealed.
  if (bytes.isSealed(path)) await moveFile(path, target);
  else await sealAway(bytes, partner, path, target);
  await leaveSlot(path);
  return target;
}

/** Seals a plain file under another name; the plain one goes once the sealed one is on disk. */
export async function sealAway(bytes: FileBytes, partner: string, path: string, target: string): Promise<void> {
  try {
    if (!(await isKept(target))) await writeSealed(bytes, partner, path, target);
    await unlink(path);
    await syncFolder(dirname(path));
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || !(await isKept(target))) throw error;
  }
}

async function writeSealed(bytes: FileBytes, partner: string, path: string, target: string): Promise<void> {
  // A source that is gone must not begin a temporary file.
  await (await open(path)).close();
  await viaTemporary(
    dirname(target),
    0o640,
    (file) => writeChunks(file, bytes.seal(partner, bytes.read(path, 0))),
    (temporary) => giveName(temporary, target),
  );
  await syncFolder(dirname(target));
}

/** Never in the place of a file that another process has put there: records of it may have been blanked since. */
async function giveName(temporary: string, target: string): Promise<void> {
  try {
    await link(temporary, target);
  } catch {
    // A file system without hard links; or something that is no file is in the way.
    if (!(await isKept(target))) return rename(temporary, target);
  }
  await rm(temporary, { force: true });
}

async function isKept(target: string): Promise<boolean> {
  try {
    return (await lstat(target)).isFile();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
