import { createHash } from 'node:crypto';
import { constants, open } from 'node:fs/promises';

/** SHA-256 and length of a file's bytes, read through one handle that never follows a link. Null when it is gone or a link. */
export async function hashFile(path: string): Promise<{ readonly sha256: string; readonly bytes: number } | null> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ELOOP') return null;
    throw error;
  });
  if (handle === null) return null;
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of handle.createReadStream({ autoClose: false })) {
      hash.update(chunk as Buffer);
      bytes += (chunk as Buffer).length;
    }
  } finally {
    await handle.close();
  }
  return { sha256: hash.digest('hex'), bytes };
}
