import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Names that writers give to what is not finished yet, and names that hide. */
const unfinished = /^\.|\.(?:part|filepart|tmp|crdownload)$|~$/i;

interface Look {
  readonly size: number;
  readonly mtimeMs: number;
  readonly inode: number;
  /** When this look was first taken, by the monotonic clock. */
  readonly since: number;
}

/**
 * Proof of arrival by our own looks: a file is whole once size, mtime and inode have stayed the same over `ageMs`. Age
 * alone would take a copy that preserves its mtime while it grows; size alone a file whose space is reserved first. The
 * first look never suffices, also for files that were there at the start.
 */
export function createArrivalProof(options: { readonly ageMs: number; readonly monotonicMs: () => number }) {
  const looks = new Map<string, Look>();

  async function isWhole(path: string): Promise<boolean> {
    const stat = await lstat(path).catch(() => null);
    // A link could point anywhere, and a second name means that somebody else can still write.
    if (stat === null || !stat.isFile() || stat.nlink > 1) {
      looks.delete(path);
      return false;
    }
    const now = options.monotonicMs();
    const last = looks.get(path);
    const isSame =
      last !== undefined && last.size === stat.size && last.mtimeMs === stat.mtimeMs && last.inode === stat.ino;
    if (!isSame) looks.set(path, { size: stat.size, mtimeMs: stat.mtimeMs, inode: stat.ino, since: now });
    return isSame && now - last.since >= options.ageMs;
  }

  return {
    /** One look at a folder: names proven whole, and how many are still arriving. */
    async look(folder: string): Promise<{ readonly whole: readonly string[]; readonly arriving: number }> {
      const entries = await readdir(folder, { withFileTypes: true });
      const names = entries.filter((entry) => entry.isFile() && !unfinished.test(entry.name)).map((entry) => entry.name);
      const whole: string[] = [];
      for (const name of names) if (await isWhole(join(folder, name))) whole.push(name);
      forgetOthers(folder, new Set(names));
      return { whole, arriving: names.length - whole.length };
    },
  };

  function forgetOthers(folder: string, names: ReadonlySet<string>): void {
    const prefix = join(folder, '/');
    for (const path of looks.keys()) {
      if (path.startsWith(prefix) && !names.has(path.slice(prefix.length))) looks.delete(path);
    }
  }
}
