import { lstat, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { FileBytes } from '../../app/ports/file-bytes.ts';
import type { IssuedFile, KeptFile, KeptFiles } from '../../app/ports/kept-files.ts';
import { sealedEnding, withoutSealedEnding } from '../../domain/sealed-ending.ts';
import { traceInBytes } from '../../domain/trace-in-bytes.ts';
import { blankStretches } from './blank.ts';
import { bytesAt } from './bytes-at.ts';
import { listSlots, partnersIn } from './list-claimed.ts';
import { exists } from './move.ts';
import { plainName } from './plain-name.ts';
import { publishFile } from './publish.ts';
import { sealAway } from './put-away.ts';
import { takenFolder } from './slot.ts';
import { syncFolder } from './sync-folder.ts';
import { isTemporaryOfOurs, removeStaleTemporaries } from './temporary.ts';

/** Nobody writes a copy for so long. */
const leftoverMs = 15 * 60_000;
const besideEndings = ['.reason.txt', '.erased.txt', '.done', '.sha256'] as const;
/** A receipt that is larger than this is none of ours. */
const receiptBytes = 64 * 1024;

/** What is kept of the files of partners, on a local or mounted file system. */
export function createKeptFiles(
  folders: {
    readonly inbox: string;
    readonly outbox: string;
    readonly archive: string;
    readonly rejected: string;
  },
  bytes: FileBytes,
): KeptFiles {
  const { inbox, outbox, archive, rejected } = folders;

  async function* archived(): AsyncGenerator<KeptFile> {
    for (const partner of await namesIn(archive)) {
      for (const name of await namesIn(join(archive, partner))) {
        const [, fileId] = /^(\d+)\.csv(?:\.sealed)?$/.exec(name) ?? [];
        if (fileId === undefined) continue;
        const path = join(archive, partner, name);
        yield { place: 'archive', partner, name, path, fileId, sha256: null, isOnItsWay: false };
      }
    }
  }

  async function* turnedAway(): AsyncGenerator<KeptFile> {
    for (const partner of await namesIn(rejected)) {
      for (const name of await namesIn(join(rejected, partner))) {
        if (isTemporaryOfOurs(name) || besideEndings.some((ending) => name.endsWith(ending))) continue;
        const path = join(rejected, partner, name);
        if ((await lstat(path).catch(() => null))?.isFile() !== true) continue;
        const fileId = idInRejected(withoutSealedEnding(name));
        yield { place: 'rejected', partner, name, path, fileId, sha256: null, isOnItsWay: false };
      }
    }
  }

  async function* claimed(): AsyncGenerator<KeptFile> {
    for (const { file, leaving } of await listSlots(inbox, 0)) {
      const { partner, name, path, sha256 } = file;
      const fileId = leaving?.fileId ?? null;
      yield { place: 'claimed', partner, name, path, fileId, sha256, isOnItsWay: leaving !== null };
    }
  }

  /** The second names of claimed files: the bytes of their writers, from before the claim. */
  async function* watched(): AsyncGenerator<KeptFile> {
    for (const partner of await partnersIn(inbox)) {
      const late = join(takenFolder(inbox, partner), '.late');
      for (const entry of await namesIn(late)) {
        for (const name of await namesIn(join(late, entry))) {
          const path = join(late, entry, name);
          const sha256 = entry.slice(0, 64);
          yield { place: 'late', partner, name, path, fileId: null, sha256, isOnItsWay: false };
        }
      }
    }
  }

  return {
    async *list() {
      for (const files of [claimed(), watched(), archived(), turnedAway()]) yield* files;
    },

    async removeLeftovers() {
      for (const root of [inbox, outbox, archive, rejected]) {
        await removeStaleTemporaries(root, Date.now(), leftoverMs).catch(() => undefined);
        for (const partner of await namesIn(root)) {
          for await (const folder of foldersBelow(join(root, partner)))
            await removeStaleTemporaries(folder, Date.now(), leftoverMs);
        }
      }
    },

    async mayHold(path, keys) {
      const trace = traceInBytes(keys);
      for await (const chunk of bytes.read(path, 0)) if (trace.take(chunk)) return true;
      return false;
    },

    async textAt(path, { at, next }) {
      return (await bytesAt(bytes, path, at, next - at)).toString('latin1').replaceAll('\0', '');
    },

    blank: (path, stretches, how) => blankStretches(bytes, path, stretches, how),

    async remove({ path, place }) {
      // A second name has a folder of its own.
      await rm(place === 'late' ? dirname(path) : path, { recursive: place === 'late', force: true });
      await syncFolder(place === 'late' ? dirname(dirname(path)) : dirname(path));
    },

    seal: ({ partner, path }) => sealAway(bytes, partner, path, `${path}${sealedEnding}`),

    async retire({ path }) {
      const beside = withoutSealedEnding(path);
      // The file last: what a kill leaves is listed again.
      for (const ending of besideEndings) await rm(`${beside}${ending}`, { force: true });
      await rm(path, { force: true });
      await syncFolder(dirname(path));
    },

    async note({ path, place }, text) {
      if (place === 'claimed' || place === 'late') return;
      await publishFile(dirname(path), `${basename(withoutSealedEnding(path))}.erased.txt`, [text], null);
    },

    async rename({ path, place, fileId }, name) {
      const folder = dirname(path);
      if (place === 'claimed') {
        await rename(path, join(folder, plainName(name)));
        return syncFolder(folder);
      }
      // A checksum file names the file as its partner called it.
      const beside = withoutSealedEnding(path);
      for (const ending of ['.done', '.sha256']) await rm(`${beside}${ending}`, { force: true });
      if (place !== 'rejected') return;
      const extension = extname(name);
      const target = join(
        folder,
        plainName(`${name.slice(0, name.length - extension.length)}.${fileId ?? ''}${extension}`),
      );
      for (const ending of ['.reason.txt', '.erased.txt', '', sealedEnding]) {
        if (await exists(`${beside}${ending}`)) await rename(`${beside}${ending}`, `${target}${ending}`);
      }
      await syncFolder(folder);
    },

    async issuedOf(partner, fileId, name) {
      const folder = join(outbox, plainName(partner));
      const found: IssuedFile[] = [];
      for (const entry of await namesIn(folder)) {
        if (isTemporaryOfOurs(entry)) continue;
        const issued = await readIssued(join(folder, entry), entry, fileId);
        if (issued !== null) found.push({ ...issued, isUnderName: entry === plainName(`${name}${issued.ending}`) });
      }
      return found;
    },

    async *listIssued() {
      for (const partner of await namesIn(outbox)) {
        for (const name of await namesIn(join(outbox, partner))) {
          if (isTemporaryOfOurs(name)) continue;
          const path = join(outbox, partner, name);
          const fileId = idInIssued(name) ?? (name.endsWith('.received.json') ? await fileOfReceipt(path) : null);
          if (fileId !== null) yield { partner, fileId, path };
        }
      }
    },

    async renameIssued({ path, ending }, name) {
      await rename(path, join(dirname(path), plainName(`${name}${ending}`)));
      await syncFolder(dirname(path));
    },
  };
}

/** `<stem>.<file id><extension>`, as Folders.reject writes it. */
function idInRejected(name: string): string | null {
  const stem = name.slice(0, name.length - extname(name).length);
  return /\.(\d+)$/.exec(stem)?.[1] ?? /\.(\d+)$/.exec(name)?.[1] ?? null;
}

type Issued = Omit<IssuedFile, 'isUnderName'>;

const issuedName = /\.(\d+)\.(manifest\.json|results(?:\.v(\d+))?\.csv)$/;

function idInIssued(name: string): string | null {
  return issuedName.exec(name)?.[1] ?? null;
}

async function readIssued(path: string, name: string, fileId: string): Promise<Issued | null> {
  const [ending = '', id, kind = '', version] = issuedName.exec(name) ?? [];
  if (id === fileId) {
    const what = kind === 'manifest.json' ? 'manifest' : 'result';
    return { path, ending, what, version: version === undefined ? null : Number(version) };
  }
  if (!name.endsWith('.received.json') || (await fileOfReceipt(path)) !== fileId) return null;
  return { path, ending: '.received.json', what: 'receipt', version: null };
}

/** A receipt has no id in its name. */
async function fileOfReceipt(path: string): Promise<string | null> {
  const stats = await lstat(path).catch(() => null);
  if (stats === null || stats.size > receiptBytes) return null;
  try {
    const receipt: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof receipt !== 'object' || receipt === null || !('fileId' in receipt)) return null;
    return typeof receipt.fileId === 'string' && /^\d+$/.test(receipt.fileId) ? receipt.fileId : null;
  } catch {
    return null;
  }
}

/**
 * A folder and all below it. The first may be a link, an operator's to the SFTP server's; those that a partner has made lead
 * nowhere, or in circles.
 */
async function* foldersBelow(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => null);
  if (entries === null) return;
  yield folder;
  for (const entry of entries) if (entry.isDirectory()) yield* foldersBelow(join(folder, entry.name));
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}
