import { link, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { PublishedFile } from '../../app/ports/folders.ts';
import { copyDurably } from './copy-durably.ts';
import { errorCode } from './error-code.ts';
import { exists } from './move.ts';
import { plainName } from './plain-name.ts';
import { syncFolder } from './sync-folder.ts';
import { viaTemporary } from './temporary.ts';
import { writeChunks } from './write-chunks.ts';

const mode = 0o640;

/** Writes a file so that a reader sees the old one or the new one, never a half. See `Folders.publish`. */
export async function publishFile(
  folder: string,
  name: string,
  chunks: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
  keepOlderAs: string | null,
): Promise<PublishedFile> {
  const path = join(folder, plainName(name));
  const written = await viaTemporary(
    folder,
    mode,
    (file) => writeChunks(file, chunks),
    async (temporary) => {
      if (keepOlderAs !== null) await keepOlder(path, join(folder, plainName(keepOlderAs)));
      await rename(temporary, path);
      await syncFolder(folder);
    },
  );
  return { path, ...written };
}

/** A second name for what is there, so that the first one is never missing. Kept already: this is a repetition. */
async function keepOlder(path: string, older: string): Promise<void> {
  try {
    await link(path, older);
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || (await exists(older))) return;
    // A file system without hard links.
    await copyDurably(path, older, mode);
  }
}
