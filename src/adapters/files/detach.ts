import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { digestOf } from './digest.ts';
import { syncFolder } from './sync-folder.ts';
import { viaTemporary } from './temporary.ts';

/**
 * Puts a copy of our own in the place of a claimed file and answers the SHA-256 of what it holds. Whoever still has the
 * file open writes into the old bytes from now on, which nobody reads: what was hashed here is what will be read.
 */
export async function detachFile(path: string): Promise<string> {
  const folder = dirname(path);
  await using source = await open(path);
  const { sha256 } = await viaTemporary(
    folder,
    0o600,
    (copy) => digestOf(source, (chunk) => copy.writeFile(chunk)),
    (temporary) => rename(temporary, path),
  );
  await syncFolder(folder);
  return sha256;
}
