import { copyFile, mkdir, readdir, rename, rmdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { ClaimedFile, Folders } from '../../app/ports/folders.ts';
import { createArrivalProof } from './arrival.ts';
import { hashFile } from './hash-file.ts';
import { moveFile } from './move-file.ts';
import { publishFile } from './publish.ts';

/** A partner's folder is named by its id; anything else under the inbox is not ours. */
const partnerFolder = /^[a-z0-9][a-z0-9_-]*$/;
const taken = '.taken';

export interface FoldersOptions {
  readonly inbox: string;
  readonly outbox: string;
  readonly archive: string;
  readonly rejected: string;
  readonly arrivalAgeMs: number;
  readonly monotonicMs: () => number;
}

/** The folders that partners and operators see, on a local disk or a mount. Scanning is the truth; no event is relied on. */
export function createFolders(options: FoldersOptions): Folders & {
  /** Makes the folders of these partners. */
  prepare(partners: readonly string[]): Promise<void>;
} {
  const { inbox, outbox, archive, rejected } = options;
  const proof = createArrivalProof({ ageMs: options.arrivalAgeMs, monotonicMs: options.monotonicMs });

  async function partners(): Promise<string[]> {
    const entries = await readdir(inbox, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory() && partnerFolder.test(entry.name)).map((entry) => entry.name);
  }

  async function take(partner: string, path: string, name: string): Promise<ClaimedFile | null> {
    const hashed = await hashFile(path);
    if (hashed === null) return null;
    const place = join(inbox, partner, taken, hashed.sha256);
    await mkdir(place, { recursive: true, mode: 0o750 });
    const target = join(place, basename(name));
    try {
      // A target of this name has the same bytes: replacing it loses nothing.
      await rename(path, target);
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
    return { partner, name: basename(name), path: target, ...hashed };
  }

  async function put(from: string, to: string): Promise<string> {
    await mkdir(dirname(to), { recursive: true, mode: 0o750 });
    await moveFile(from, to).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
    await rmdir(dirname(from)).catch(() => undefined);
    return to;
  }

  const archived = (partner: string, fileId: string): string => join(archive, partner, `${fileId}.csv`);

  return {
    async prepare(ids) {
      for (const id of ids) {
        await mkdir(join(inbox, id, taken), { recursive: true, mode: 0o750 });
        await mkdir(join(outbox, id), { recursive: true, mode: 0o750 });
      }
      await mkdir(inbox, { recursive: true, mode: 0o750 });
    },

    async scan() {
      const ready = [];
      let arriving = 0;
      for (const partner of await partners()) {
        const folder = join(inbox, partner);
        const looked = await proof.look(folder);
        arriving += looked.arriving;
        for (const name of looked.whole) ready.push({ partner, name, path: join(folder, name) });
      }
      return { ready, arriving };
    },

    claim: (found) => take(found.partner, found.path, found.name),

    async claimCopy(partner, path) {
      const place = join(inbox, partner, taken);
      await mkdir(place, { recursive: true, mode: 0o750 });
      const draft = join(place, `.${process.pid}.copying`);
      await copyFile(path, draft);
      const claimed = await take(partner, draft, basename(path));
      if (claimed === null) throw new Error('the copy of the file vanished while it was claimed');
      return claimed;
    },

    async listClaimed() {
      const claimed: ClaimedFile[] = [];
      for (const partner of await partners()) {
        for (const sha256 of await names(join(inbox, partner, taken))) {
          for (const name of await names(join(inbox, partner, taken, sha256))) {
            const path = join(inbox, partner, taken, sha256, name);
            const bytes = (await stat(path).catch(() => null))?.size;
            if (bytes !== undefined) claimed.push({ partner, name, path, sha256, bytes });
          }
        }
      }
      return claimed;
    },

    async hash(path) {
      return (await hashFile(path))?.sha256 ?? 'gone';
    },

    archive: (file, fileId) => put(file.path, archived(file.partner, fileId)),

    isArchived: async (partner, fileId) => (await stat(archived(partner, fileId)).catch(() => null)) !== null,

    async reject(file, fileId, reason) {
      const extension = extname(file.name);
      const stem = `${basename(file.name, extension)}.${fileId}`;
      const folder = join(rejected, file.partner);
      await mkdir(folder, { recursive: true, mode: 0o750 });
      // The reason first: a file without one would puzzle whoever finds it.
      await writeFile(join(folder, `${stem}.reason.txt`), reason, { mode: 0o640 });
      return put(file.path, join(folder, `${stem}${extension}`));
    },

    async publish(partner, name, chunks, keep) {
      const folder = join(outbox, partner);
      await mkdir(folder, { recursive: true, mode: 0o750 });
      return publishFile(folder, basename(name), chunks, keep?.keepOlderAs ?? null);
    },
  };
}

async function names(folder: string): Promise<string[]> {
  const found = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error) || (error instanceof Error && 'code' in error && error.code === 'ENOTDIR')) return [];
    throw error;
  });
  return found.filter((name) => !name.startsWith('.'));
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
