import { lstat, readdir, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { noPartner, type ClaimedFile, type PlaceFault } from '../../app/ports/folders.ts';
import { agreesWithChecksum, isCompanionInSlot } from './companions.ts';
import { readSlotName, takenFolder, type Leaving } from './slot.ts';
import { isTemporaryOfOurs } from './temporary.ts';

export interface FileInSlot {
  readonly file: ClaimedFile;
  readonly leaving: Leaving | null;
}

/** A claimed file as its slot tells it, now and after any crash. */
export async function readClaimed(
  partner: string,
  path: string,
  known: Pick<ClaimedFile, 'bytes' | 'firstSeenMs'>,
): Promise<ClaimedFile> {
  const slot = dirname(path);
  const named = readSlotName(basename(slot));
  if (named === null) throw new Error('a claimed file outside a slot');
  const { sha256, isInSubfolder } = named;
  const name = basename(path);
  return { ...known, partner, name, path, sha256, fault: await faultOf() };

  async function faultOf(): Promise<PlaceFault | null> {
    if (partner === noPartner) return 'FILE_WITHOUT_PARTNER';
    if (isInSubfolder) return 'FILE_IN_SUBFOLDER';
    return (await agreesWithChecksum(slot, name, sha256)) ? null : 'FILE_CHECKSUM_MISMATCH';
  }
}

/**
 * Every claimed file of every partner, oldest first. `nowMs` is now, by the clock that does not jump back. Slots that a crash left empty are taken away. A partner whose folder
 * can't be read has none: the others are not to wait for it.
 */
export async function listSlots(inbox: string, nowMs: number): Promise<readonly FileInSlot[]> {
  const found: (FileInSlot & { readonly claimedMs: number })[] = [];
  for (const partner of await partnersIn(inbox)) {
    const taken = takenFolder(inbox, partner);
    for (const slot of await namesIn(taken)) found.push(...(await filesOfSlot(partner, join(taken, slot), nowMs)));
  }
  found.sort((a, b) => a.claimedMs - b.claimedMs);
  return found.map(({ file, leaving }) => ({ file, leaving }));
}

/** In how many earlier slots the same bytes of the same partner are claimed, too. */
export async function copiesBefore(inbox: string, { partner, path, sha256 }: ClaimedFile): Promise<number> {
  const own = readSlotName(basename(dirname(path)));
  const slots = (await namesIn(takenFolder(inbox, partner))).map(readSlotName);
  return slots.filter(
    (slot) =>
      slot?.sha256 === sha256 && !slot.isInSubfolder && slot.leaving === null && slot.number < (own?.number ?? 1),
  ).length;
}

/** Whose claimed files there may be: everybody with a folder, and nobody. */
export async function partnersIn(inbox: string): Promise<readonly string[]> {
  const names = await namesIn(inbox);
  return [...names.filter((name) => !name.startsWith('.') && name !== noPartner), noPartner];
}

async function filesOfSlot(partner: string, slot: string, nowMs: number) {
  const named = readSlotName(basename(slot));
  if (named === null) return [];
  const names = await namesIn(slot);
  // A claimer that loses its slot here finds no folder to rename into, and claims again at its next look.
  if (names.length === 0) await rmdir(slot).catch(() => {});
  const files: (FileInSlot & { readonly claimedMs: number })[] = [];
  for (const name of names) {
    if (isTemporaryOfOurs(name) || isCompanionInSlot(name)) continue;
    const path = join(slot, name);
    const stats = await lstat(path).catch(() => null);
    if (stats?.isFile() !== true) continue;
    const firstSeenMs = nowMs - Math.max(0, Date.now() - stats.ctimeMs);
    const file = await readClaimed(partner, path, { bytes: stats.size, firstSeenMs });
    files.push({ file, leaving: named.leaving, claimedMs: stats.ctimeMs });
  }
  return files;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}
