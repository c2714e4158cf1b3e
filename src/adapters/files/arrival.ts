import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FoundFile } from '../../app/ports/folders.ts';
import { errorCode } from './error-code.ts';

export interface Arrival {
  /** One look at every partner's folder. */
  look(): Promise<{ readonly ready: readonly FoundFile[]; readonly arriving: number }>;
}

/** What a look remembers of a file. */
interface Seen {
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ino: bigint;
  /** When it was first seen like this. */
  readonly sinceMs: number;
}

const temporaryEnding = /(\.(part|partial|filepart|tmp|temp|crdownload|download|swp)|~)$/i;

// Many programs make a file first and write into it only when they close it.
const emptyFactor = 10;

/**
 * Proves that files have arrived whole, by our own history of their stats: size alone betrays files that are allocated
 * at once, a single look betrays everything. The first look at a file never succeeds. `nowMs` must never jump back.
 */
export function createArrival(options: {
  readonly inbox: string;
  readonly ageMs: number;
  readonly nowMs: () => number;
}): Arrival {
  const { inbox, ageMs, nowMs } = options;
  let history: ReadonlyMap<string, Seen> = new Map();

  return {
    async look() {
      const next = new Map<string, Seen>();
      const ready: FoundFile[] = [];
      for (const found of await listCandidates(inbox)) {
        const now = await statOf(found.path);
        if (now === null) continue;
        const seen = history.get(found.path);
        const isSame = seen?.size === now.size && seen.mtimeNs === now.mtimeNs && seen.ino === now.ino;
        const sinceMs = isSame ? seen.sinceMs : nowMs();
        next.set(found.path, { ...now, sinceMs });
        if (isSame && nowMs() - sinceMs >= (now.size === 0n ? ageMs * emptyFactor : ageMs)) ready.push(found);
      }
      history = next;
      return { ready, arriving: next.size - ready.length };
    },
  };
}

async function listCandidates(inbox: string): Promise<readonly FoundFile[]> {
  const found: FoundFile[] = [];
  for (const partner of await readdir(inbox)) {
    if (partner.startsWith('.') || !(await isFolder(join(inbox, partner)))) continue;
    for (const name of await namesIn(join(inbox, partner))) {
      if (isTemporary(name)) continue;
      found.push({ partner, name, path: join(inbox, partner, name) });
    }
  }
  return found;
}

function isTemporary(name: string): boolean {
  return name.startsWith('.') || name.startsWith('~') || temporaryEnding.test(name);
}

/** A partner's folder may be a link, an operator's to the SFTP server's; a partner's own files may not. */
async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Null for what is no file of its own: links of both kinds, folders, devices, pipes. Or gone. */
async function statOf(path: string): Promise<Omit<Seen, 'sinceMs'> | null> {
  try {
    const stats = await lstat(path, { bigint: true });
    return stats.isFile() && stats.nlink === 1n ? { size: stats.size, mtimeNs: stats.mtimeNs, ino: stats.ino } : null;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
