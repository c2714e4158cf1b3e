import { mkdir } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import type { FileBytes } from '../../app/ports/file-bytes.ts';
import type { ClaimedFile, Folders } from '../../app/ports/folders.ts';
import { foreignFormatBytes, foreignFormatOf } from '../../domain/foreign-format.ts';
import { sealedEnding } from '../../domain/sealed-ending.ts';
import { createArrival } from './arrival.ts';
import { claimCopy, claimFile } from './claim.ts';
import { bringCompanions, findCompanions } from './companions.ts';
import { detachFile } from './detach.ts';
import { errorCode } from './error-code.ts';
import { createLateWrites } from './late-writes.ts';
import { copiesBefore, listSlots, partnersIn, readClaimed } from './list-claimed.ts';
import { exists } from './move.ts';
import { openFile } from './open-file.ts';
import { plainName } from './plain-name.ts';
import { publishFile } from './publish.ts';
import { putAway } from './put-away.ts';
import { markLeaving, takenFolder } from './slot.ts';
import { removeStaleTemporaries } from './temporary.ts';

export interface FoldersOptions {
  readonly inbox: string;
  readonly outbox: string;
  readonly archive: string;
  readonly rejected: string;
  readonly arrivalAgeMs: number;
  /** Seals what is put away. */
  readonly bytes: FileBytes;
  /** Milliseconds that never jump back. Defaults to performance.now. */
  readonly monotonicMs?: () => number;
}

export interface PreparedFolders extends Folders {
  /**
   * Makes what is missing of the folders of these partners, and takes away what a crash left in them. Idempotent. A
   * partner whose folders can't be prepared is passed over: the next look at the inbox says what is wrong with them.
   */
  prepare(partners: readonly string[]): Promise<void>;
}

/** The folders of partners and operators on a local or mounted file system. Holds no connection: nothing to close. */
export function createFolders(options: FoldersOptions): PreparedFolders {
  const { inbox, outbox, archive, rejected, arrivalAgeMs, bytes, monotonicMs = () => performance.now() } = options;
  const arrival = createArrival({ inbox, ageMs: arrivalAgeMs, nowMs: monotonicMs });
  const lateWrites = createLateWrites(monotonicMs);

  const archivedPath = (partner: string, fileId: string): string =>
    join(archive, plainName(partner), plainName(`${fileId}.csv`));
  const rejectedPlace = ({ partner, name }: Pick<ClaimedFile, 'partner' | 'name'>, fileId: string) => {
    const extension = extname(name);
    const stem = extension === '' ? name : name.slice(0, -extension.length);
    // The same cut for both names, or they would not stand side by side.
    const reasonName = plainName(`${stem}.${fileId}${extension}.reason.txt`);
    return { target: join(rejected, plainName(partner), reasonName.slice(0, -'.reason.txt'.length)), reasonName };
  };
  const folderOf = (partner: string): string => dirname(takenFolder(inbox, partner));
  const archivedAt: Folders['archivedAt'] = (partner, fileId) => keptAt(archivedPath(partner, fileId));
  const rejectedAt: Folders['rejectedAt'] = (file, fileId) => keptAt(rejectedPlace(file, fileId).target);

  return {
    async prepare(partners) {
      // The partner's own account writes into the inbox, by its group.
      await mkdir(inbox, { recursive: true, mode: 0o750 });
      for (const partner of partners.map(plainName)) {
        const ours: readonly (readonly [string, number])[] = [
          [join(outbox, partner), 0o750],
          [join(archive, partner), 0o750],
          [join(rejected, partner), 0o750],
          [takenFolder(inbox, partner), 0o700],
        ];
        try {
          await mkdir(join(inbox, partner), { recursive: true, mode: 0o770 });
          for (const [folder, mode] of ours) {
            await mkdir(folder, { recursive: true, mode });
            await removeStaleTemporaries(folder, Date.now());
          }
        } catch (error) {
          if (errorCode(error) === '') throw error;
        }
      }
    },
    scan: (rulesOf) => arrival.look(rulesOf),
    claim: (found) => claimFile(inbox, found),
    claimCopy: (partner, path) => claimCopy(inbox, partner, { path, bytes }, monotonicMs()),
    async listClaimed() {
      const slots = await listSlots(inbox, monotonicMs());
      return slots.flatMap(({ file, leaving }) => (leaving === null ? [file] : []));
    },
    async listHalfPutAway() {
      const slots = await listSlots(inbox, monotonicMs());
      return slots.flatMap(({ file, leaving }) => (leaving === null ? [] : [{ file, ...leaving }]));
    },
    copiesBefore: (file) => copiesBefore(inbox, file),
    async gatherCompanions(file, rules) {
      if (file.fault !== null) return file;
      const found = await findCompanions(folderOf(file.partner), file.name, rules);
      await bringCompanions(dirname(file.path), found);
      return readClaimed(file.partner, file.path, file);
    },
    async foreignFormat(file) {
      const found = await openFile(file.path);
      if (found === null) return null;
      await using opened = found;
      const { buffer, bytesRead } = await opened.read(Buffer.alloc(foreignFormatBytes), 0, foreignFormatBytes, 0);
      return foreignFormatOf(buffer.subarray(0, bytesRead));
    },
    detach: (file) => detachFile(file.path),
    async returnLateWrites() {
      const partners = await partnersIn(inbox);
      const returned = await Promise.allSettled(
        partners.map((partner) => lateWrites.returnFrom(takenFolder(inbox, partner), folderOf(partner))),
      );
      const failed = returned.find((result) => result.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
      return returned.reduce((sum, result) => sum + (result.status === 'fulfilled' ? result.value : 0), 0);
    },
    async archive(file, fileId) {
      const path = await markLeaving(file.path, { to: 'archived', fileId });
      return putAway(bytes, file.partner, path, archivedPath(file.partner, fileId));
    },
    async isArchived(partner, fileId) {
      if ((await archivedAt(partner, fileId)) !== null) return true;
      const slots = await listSlots(inbox, monotonicMs());
      return slots.some(({ leaving }) => leaving?.to === 'archived' && leaving.fileId === fileId);
    },
    archivedAt,
    async reject(file, fileId, reason) {
      const path = await markLeaving(file.path, { to: 'rejected', fileId });
      const { target, reasonName } = rejectedPlace(file, fileId);
      await mkdir(dirname(target), { recursive: true, mode: 0o750 });
      // First, so that no rejected file is ever without its reason.
      await publishFile(dirname(target), reasonName, [reason.endsWith('\n') ? reason : `${reason}\n`], null);
      return putAway(bytes, file.partner, path, target);
    },
    isRejected: async (file, fileId) => (await rejectedAt(file, fileId)) !== null,
    rejectedAt,
    async publish(partner, name, chunks, { keepOlderAs } = { keepOlderAs: null }) {
      const folder = join(outbox, plainName(partner));
      await mkdir(folder, { recursive: true, mode: 0o750 });
      return publishFile(folder, name, chunks, keepOlderAs);
    },
  };
}

/** Sealed, or as files were kept before they were sealed. */
async function keptAt(target: string): Promise<string | null> {
  for (const path of [`${target}${sealedEnding}`, target]) if (await exists(path)) return path;
  return null;
}
