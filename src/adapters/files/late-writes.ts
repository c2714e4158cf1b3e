import type { BigIntStats } from 'node:fs';
import { link, lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { digestOf } from './digest.ts';
import { openFile } from './open-file.ts';
import { putBack } from './put-back.ts';

/** Somebody who pauses for longer than the arrival age and then writes on. */
const watchedMs = 30 * 60_000;
const staleMs = 24 * 3_600_000;

const entryShape = /^([0-9a-f]{64})-\d+-\d+-\d+$/;

/**
 * Keeps a second name for a claimed file: what is read is a copy of ours, so a writer who still has the file open would
 * write into bytes that nobody ever reads. .taken/.late/<sha256>-<size>-<mtime, ns>-<inode>/<name>. Without it
 * where files can't have two names.
 */
export async function watchForLateWrites(path: string, sha256: string, stats: BigIntStats): Promise<void> {
  const entry = join(lateFolder(dirname(dirname(path))), entryName(sha256, stats));
  try {
    await mkdir(entry, { recursive: true, mode: 0o700 });
    await link(path, join(entry, basename(path)));
  } catch {
    // A full disk, no hard links: the file is claimed all the same.
  }
}

export interface LateWrites {
  /** Looks at what is kept for a folder of claimed files; what has grown goes back into `folder`. Answers how many. */
  returnFrom(taken: string, folder: string): Promise<number>;
}

/** `nowMs` must never jump back. A restart begins each watch anew; a day old, it ends whatever was restarted meanwhile. */
export function createLateWrites(nowMs: () => number): LateWrites {
  const firstSeen = new Map<string, number>();

  async function hasWaitedEnough(entry: string): Promise<boolean> {
    const since = firstSeen.get(entry) ?? nowMs();
    firstSeen.set(entry, since);
    if (nowMs() - since >= watchedMs) return true;
    const made = await lstat(entry).catch(() => null);
    return made !== null && Date.now() - made.mtimeMs > staleMs;
  }

  return {
    async returnFrom(taken, folder) {
      let returned = 0;
      for (const name of await namesIn(lateFolder(taken))) {
        const [, sha256] = entryShape.exec(name) ?? [];
        if (sha256 === undefined) continue;
        const entry = join(lateFolder(taken), name);
        const file = await onlyFile(entry);
        const isUntouched = file !== null && entryName(sha256, file.stats) === name;
        if (isUntouched && !(await hasWaitedEnough(entry))) continue;
        firstSeen.delete(entry);
        if (file !== null && !isUntouched) {
          if (await holds(file.path, sha256)) {
            // Many programs set a file's time after their last write.
            await rename(entry, join(lateFolder(taken), entryName(sha256, file.stats)));
            continue;
          }
          await putBack(file.path, join(folder, basename(file.path)));
          returned += 1;
        }
        await rm(entry, { recursive: true, force: true });
      }
      return returned;
    },
  };
}

function entryName(sha256: string, { size, mtimeNs, ino }: BigIntStats): string {
  return `${sha256}-${size}-${mtimeNs}-${ino}`;
}

async function onlyFile(entry: string): Promise<{ readonly path: string; readonly stats: BigIntStats } | null> {
  const [name] = await namesIn(entry);
  if (name === undefined) return null;
  const path = join(entry, name);
  const stats = await lstat(path, { bigint: true }).catch(() => null);
  return stats === null ? null : { path, stats };
}

function lateFolder(taken: string): string {
  return join(taken, '.late');
}

async function holds(path: string, sha256: string): Promise<boolean> {
  const file = await openFile(path);
  if (file === null) return true;
  await using opened = file;
  return (await digestOf(opened)).sha256 === sha256;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}
