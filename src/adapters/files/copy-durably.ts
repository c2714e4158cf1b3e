import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { digestOf } from './digest.ts';
import { syncFolder } from './sync-folder.ts';
import { viaTemporary } from './temporary.ts';

/** Copies a file: under its name it is whole and on disk, or not there. Replaces what was there. */
export async function copyDurably(from: string, to: string, mode: number): Promise<void> {
  await using source = await open(from);
  await viaTemporary(
    dirname(to),
    mode,
    (file) => digestOf(source, (chunk) => file.writeFile(chunk)),
    (temporary) => rename(temporary, to),
  );
  await syncFolder(dirname(to));
}
