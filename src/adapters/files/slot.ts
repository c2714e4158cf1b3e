import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { noPartner } from '../../app/ports/folders.ts';
import { errorCode } from './error-code.ts';
import { exists } from './move.ts';
import { plainName } from './plain-name.ts';
import { isTemporaryOfOurs } from './temporary.ts';

/**
 * A folder of its own for each claimed file, so that the file keeps its name. What has to outlive a crash stands in the
 * slot's name: .taken/<sha256>[.in-subfolder][.rejected-<file id>|.archived-<file id>][.<number>].
 */
export interface SlotName {
  readonly sha256: string;
  readonly isInSubfolder: boolean;
  /** As what putting it away was begun. */
  readonly leaving: Leaving | null;
  /** Counts from 1 while the same bytes are there more than once. */
  readonly number: number;
}

export interface Leaving {
  readonly to: 'archived' | 'rejected';
  readonly fileId: string;
}

const slotShape = /^([0-9a-f]{64})(\.in-subfolder)?(?:\.(rejected|archived)-([\w-]+))?(?:\.(\d+))?$/;

/** Where a partner's claimed files are. On the inbox's file system, or a claim would be no rename. */
export function takenFolder(inbox: string, partner: string): string {
  return partner === noPartner ? join(inbox, '.taken') : join(inbox, plainName(partner), '.taken');
}

export function readSlotName(name: string): SlotName | null {
  const [, sha256, isInSubfolder, to, fileId, number = '1'] = slotShape.exec(name) ?? [];
  if (sha256 === undefined) return null;
  const leaving: Leaving | null = fileId === undefined ? null : { to: to === 'archived' ? to : 'rejected', fileId };
  return { sha256, isInSubfolder: isInSubfolder !== undefined, leaving, number: Number(number) };
}

function slotName({ sha256, isInSubfolder, leaving, number }: SlotName): string {
  const parts = [
    sha256,
    isInSubfolder ? 'in-subfolder' : null,
    leaving === null ? null : `${leaving.to}-${leaving.fileId}`,
    number === 1 ? null : String(number),
  ];
  return parts.filter((part) => part !== null).join('.');
}

/**
 * Makes a slot, numbered while the same bytes are there from an earlier claim. mkdir decides who has it, so a rename
 * into it never replaces a file.
 */
export async function takeSlot(taken: string, sha256: string, isInSubfolder: boolean): Promise<string> {
  await mkdir(taken, { recursive: true, mode: 0o700 });
  for (let number = 1; ; number++) {
    const slot = join(taken, slotName({ sha256, isInSubfolder, leaving: null, number }));
    try {
      await mkdir(slot, { mode: 0o700 });
      return slot;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }
}

/**
 * Writes into the slot's name that its file is being put away, by a rename, which a full disk allows: whoever finds it
 * after a crash knows that it is no new one. Answers where the file is now. May be repeated.
 */
export async function markLeaving(path: string, leaving: Leaving): Promise<string> {
  const slot = dirname(path);
  const named = readSlotName(basename(slot));
  if (named === null) return path;
  if (named.leaving?.to === leaving.to && named.leaving.fileId === leaving.fileId) return path;
  const marked = join(dirname(slot), slotName({ ...named, leaving, number: 1 }));
  try {
    await rename(slot, marked);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    // Put away by an earlier call: still under way, or over.
    if (!(await exists(marked))) return path;
  }
  return join(marked, basename(path));
}

/** Takes away the slot of a file that was put elsewhere, with the half copies that a crash left in it. */
export async function leaveSlot(path: string): Promise<void> {
  const slot = dirname(path);
  if (readSlotName(basename(slot)) === null) return;
  const names = await readdir(slot).catch(() => []);
  for (const name of names) if (isTemporaryOfOurs(name)) await rm(join(slot, name), { force: true });
  await rmdir(slot).catch(() => {});
}
