import { constants } from 'node:fs';
import { link, lstat, mkdir, open, readdir, rename, rmdir, unlink, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ClaimedFile, FoundFile } from '../../app/ports/folders.ts';
import { digestOf } from './digest.ts';
import { errorCode } from './error-code.ts';
import { exists } from './move.ts';
import { plainName } from './plain-name.ts';
import { syncFolder } from './sync-folder.ts';
import { viaTemporary } from './temporary.ts';

const slotName = /^([0-9a-f]{64})(\.\d+)?$/;

/** Where a partner's claimed files are: one folder a file, so that its own name stays. On the inbox's file system. */
export function takenFolder(inbox: string, partner: string): string {
  return join(inbox, plainName(partner), '.taken');
}

/**
 * Moves a file to .taken/<sha256>/<name>. Of any number of claimers the one whose rename finds the file wins, the others
 * get null. Null as well if the file is gone, is a link now, or changed while it was hashed: it stays where it is.
 */
export async function claimFile(inbox: string, found: FoundFile): Promise<ClaimedFile | null> {
  const file = await openFound(found.path);
  if (file === null) return null;
  await using opened = file;
  const before = await opened.stat({ bigint: true });
  if (!before.isFile() || before.nlink !== 1n) return null;
  const { sha256, bytes } = await digestOf(opened);
  const after = await opened.stat({ bigint: true });
  if (after.size !== before.size || after.mtimeNs !== before.mtimeNs || BigInt(bytes) !== before.size) return null;
  await syncContent(opened);

  const slot = await takeSlot(takenFolder(inbox, found.partner), sha256);
  const path = join(slot, plainName(found.name));
  try {
    await rename(found.path, path);
  } catch (error) {
    await rmdir(slot).catch(() => {});
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
  const moved = await lstat(path, { bigint: true });
  if (moved.ino !== before.ino || moved.dev !== before.dev) {
    // Another file took the name between our hash and our rename.
    await putBack(path, found.path);
    return null;
  }
  await syncFolder(slot);
  return { partner: found.partner, name: found.name, path, sha256, bytes };
}

/** Copies a file from anywhere into the claimed place of a partner. Throws if it changes meanwhile. */
export async function claimCopy(inbox: string, partner: string, from: string): Promise<ClaimedFile> {
  const taken = takenFolder(inbox, partner);
  await mkdir(taken, { recursive: true, mode: 0o700 });
  const name = basename(from);
  await using source = await open(from, constants.O_RDONLY | constants.O_NONBLOCK);
  const before = await source.stat({ bigint: true });
  if (!before.isFile()) throw new Error('only a file can be imported');
  let path = '';
  const written = await viaTemporary(
    taken,
    0o600,
    (copy) => digestOf(source, (chunk) => copy.writeFile(chunk)),
    async (temporary, { sha256 }) => {
      const after = await source.stat({ bigint: true });
      if (after.size !== before.size || after.mtimeNs !== before.mtimeNs) {
        throw new Error('the file changed while it was copied');
      }
      path = join(await takeSlot(taken, sha256), plainName(name));
      await rename(temporary, path);
      await syncFolder(dirname(path));
    },
  );
  return { partner, name, path, ...written };
}

/** Every claimed file of every partner, oldest first. Slots that a crash left empty are taken away. */
export async function listClaimed(inbox: string): Promise<readonly ClaimedFile[]> {
  const claimed: (ClaimedFile & { readonly claimedMs: number })[] = [];
  for (const partner of await namesIn(inbox)) {
    const taken = join(inbox, partner, '.taken');
    for (const slot of await namesIn(taken)) {
      const sha256 = slotName.exec(slot)?.[1];
      if (sha256 === undefined) continue;
      const names = await namesIn(join(taken, slot));
      // A claimer that loses its slot here finds no folder to rename into, and claims again at its next look.
      if (names.length === 0) await rmdir(join(taken, slot)).catch(() => {});
      for (const name of names) {
        const path = join(taken, slot, name);
        const stats = await lstat(path).catch(() => null);
        if (stats?.isFile() !== true) continue;
        claimed.push({ partner, name, path, sha256, bytes: stats.size, claimedMs: stats.ctimeMs });
      }
    }
  }
  claimed.sort((a, b) => a.claimedMs - b.claimedMs);
  return claimed.map(({ partner, name, path, sha256, bytes }) => ({ partner, name, path, sha256, bytes }));
}

/** Takes away the slot of a file that was put elsewhere. */
export async function leaveSlot(path: string): Promise<void> {
  if (slotName.test(basename(dirname(path)))) await rmdir(dirname(path)).catch(() => {});
}

async function openFound(path: string): Promise<FileHandle | null> {
  try {
    // O_NONBLOCK: a pipe that took the file's place would keep us waiting for ever. Windows knows neither flag.
    return await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    // ELOOP and EMLINK: it is a link by now.
    if (['ENOENT', 'ELOOP', 'EMLINK'].includes(errorCode(error))) return null;
    throw error;
  }
}

/** The ledger will say that the file has arrived, so its bytes must outlive a power cut. */
async function syncContent(file: FileHandle): Promise<void> {
  await file.sync().catch((error: unknown) => {
    // Some systems sync only what is open for writing.
    if (!['EPERM', 'EBADF', 'EINVAL', 'EACCES'].includes(errorCode(error))) throw error;
  });
}

/**
 * A folder of its own for this file: .taken/<sha256>, or .taken/<sha256>.2 and so on while the same bytes are there from
 * an earlier claim. mkdir decides who has it, so a rename into it never replaces a file.
 */
async function takeSlot(taken: string, sha256: string): Promise<string> {
  await mkdir(taken, { recursive: true, mode: 0o700 });
  for (let number = 1; ; number++) {
    const slot = join(taken, number === 1 ? sha256 : `${sha256}.${number}`);
    try {
      await mkdir(slot, { mode: 0o700 });
      return slot;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }
}

/** Under its name again, or, where yet another file has that, beside it under one of ours. Replaces nothing. */
async function putBack(path: string, original: string): Promise<void> {
  for (let number = 1; ; number++) {
    const target = number === 1 ? original : join(dirname(original), plainName(`${number}-${basename(original)}`));
    if (!(await moveWithoutReplacing(path, target))) continue;
    await leaveSlot(path);
    return;
  }
}

async function moveWithoutReplacing(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    await unlink(from);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'ENOSYS'].includes(errorCode(error))) throw error;
  }
  // A file system without hard links.
  if (await exists(to)) return false;
  await rename(from, to);
  return true;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return [];
    throw error;
  }
}
