import { mkdir } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import type { ClaimedFile, Folders } from '../../app/ports/folders.ts';
import { createArrival } from './arrival.ts';
import { claimCopy, claimFile, leaveSlot, listClaimed, takenFolder } from './claim.ts';
import { detachFile } from './detach.ts';
import { exists, moveFile } from './move.ts';
import { plainName } from './plain-name.ts';
import { publishFile } from './publish.ts';
import { removeStaleTemporaries } from './temporary.ts';

export interface FoldersOptions {
  readonly inbox: string;
  readonly outbox: string;
  readonly archive: string;
  readonly rejected: string;
  readonly arrivalAgeMs: number;
  /** Milliseconds that never jump back. Defaults to performance.now. */
  readonly monotonicMs?: () => number;
}

export interface PreparedFolders extends Folders {
  /** Makes what is missing of the folders of these partners, and takes away what a crash left in them. Idempotent. */
  prepare(partners: readonly string[]): Promise<void>;
}

/** The folders of partners and operators on a local or mounted file system. Holds no connection: nothing to close. */
export function createFolders(options: FoldersOptions): PreparedFolders {
  const { inbox, outbox, archive, rejected, arrivalAgeMs, monotonicMs = () => performance.now() } = options;
  const arrival = createArrival({ inbox, ageMs: arrivalAgeMs, nowMs: monotonicMs });

  const archivedPath = (partner: string, fileId: string): string =>
    join(archive, plainName(partner), plainName(`${fileId}.csv`));

  return {
    async prepare(partners) {
      // The partner's own account writes into the inbox, by its group.
      await mkdir(inbox, { recursive: true, mode: 0o750 });
      for (const partner of partners) {
        await mkdir(join(inbox, plainName(partner)), { recursive: true, mode: 0o770 });
        const ours: readonly (readonly [string, number])[] = [
          [takenFolder(inbox, partner), 0o700],
          [join(outbox, partner), 0o750],
          [join(archive, partner), 0o750],
          [join(rejected, partner), 0o750],
        ];
        for (const [folder, mode] of ours) {
          await mkdir(folder, { recursive: true, mode });
          await removeStaleTemporaries(folder, Date.now());
        }
      }
    },
    scan: () => arrival.look(),
    claim: (found) => claimFile(inbox, found),
    claimCopy: (partner, path) => claimCopy(inbox, partner, path),
    listClaimed: () => listClaimed(inbox),
    detach: (file) => detachFile(file.path),
    async archive(file, fileId) {
      return putAway(file, archivedPath(file.partner, fileId));
    },
    isArchived: (partner, fileId) => exists(archivedPath(partner, fileId)),
    async reject(file, fileId, reason) {
      const extension = extname(file.name);
      const stem = extension === '' ? file.name : file.name.slice(0, -extension.length);
      // The same cut for both names, or they would not stand side by side.
      const reasonName = plainName(`${stem}.${fileId}${extension}.reason.txt`);
      const target = join(rejected, plainName(file.partner), reasonName.slice(0, -'.reason.txt'.length));
      await mkdir(dirname(target), { recursive: true, mode: 0o750 });
      // First, so that no rejected file is ever without its reason.
      await publishFile(dirname(target), reasonName, [reason.endsWith('\n') ? reason : `${reason}\n`], null);
      return putAway(file, target);
    },
    async publish(partner, name, chunks, { keepOlderAs } = { keepOlderAs: null }) {
      const folder = join(outbox, plainName(partner));
      await mkdir(folder, { recursive: true, mode: 0o750 });
      return publishFile(folder, name, chunks, keepOlderAs);
    },
  };
}

async function putAway(file: ClaimedFile, target: string): Promise<string> {
  await mkdir(dirname(target), { recursive: true, mode: 0o750 });
  await moveFile(file.path, target);
  await leaveSlot(file.path);
  return target;
}
