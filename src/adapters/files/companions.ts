import { constants } from 'node:fs';
import { open, readdir, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { CompanionRole, FoundFile } from '../../app/ports/folders.ts';
import { companionName, foldName, type CompanionRules } from '../../domain/companion-file.ts';
import { checksumIn } from './checksum-file.ts';
import { errorCode } from './error-code.ts';
import { moveFile } from './move.ts';
import { fsPath } from './raw-path.ts';

const roles: readonly CompanionRole[] = ['done', 'checksum'];

/** No list of sums is larger; a gigabyte under this name is not read into memory. */
const checksumBytes = 64 * 1024;

/** Under which a companion stands in the slot of its file, whatever the partner calls it. */
export function isCompanionInSlot(name: string): boolean {
  return roles.some((role) => nameInSlot(role) === name);
}

/** Brings the companions of a file that has just been claimed into its slot. Gone ones are passed over. */
export async function bringCompanions(slot: string, companions: FoundFile['companions']): Promise<void> {
  for (const role of roles) {
    const path = companions[role];
    if (path === undefined) continue;
    try {
      await rename(fsPath(path), join(slot, nameInSlot(role)));
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }
}

/**
 * Where the companions of a file lie that was claimed and then left behind. None while another file of its name is
 * there: they may be that one's.
 */
export async function findCompanions(
  folder: string,
  name: string,
  rules: CompanionRules,
): Promise<FoundFile['companions']> {
  const names = new Map((await readdir(folder)).map((one) => [foldName(one), one]));
  const found: Partial<Record<CompanionRole, string>> = {};
  if (names.has(foldName(name))) return found;
  for (const role of roles) {
    const template = rules[role];
    const one = template === null ? undefined : names.get(foldName(companionName(template, name)));
    if (one !== undefined) found[role] = join(folder, one);
  }
  return found;
}

/** Whether the checksum file in the slot, if there is one, names these bytes. */
export async function agreesWithChecksum(slot: string, name: string, sha256: string): Promise<boolean> {
  try {
    await using file = await open(
      join(slot, nameInSlot('checksum')),
      constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
    );
    const { buffer, bytesRead } = await file.read(Buffer.alloc(checksumBytes), 0, checksumBytes, 0);
    return checksumIn(buffer.subarray(0, bytesRead), name) === sha256;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return true;
    // A link or a folder by now: it names nothing.
    if (['ELOOP', 'EMLINK', 'EISDIR'].includes(errorCode(error))) return false;
    throw error;
  }
}

/** Puts companions away beside their file, before it: a file that is still in its slot is put away again after a crash. */
export async function putCompanionsAway(path: string, target: string): Promise<void> {
  const slot = dirname(path);
  const names: readonly string[] = await readdir(slot).catch(() => []);
  for (const role of roles) {
    const from = join(slot, nameInSlot(role));
    if (names.includes(basename(from))) await moveFile(from, `${target}.${endings[role]}`);
  }
}

const endings: Readonly<Record<CompanionRole, string>> = { done: 'done', checksum: 'sha256' };

function nameInSlot(role: CompanionRole): string {
  return `.leadsync-${role}`;
}
