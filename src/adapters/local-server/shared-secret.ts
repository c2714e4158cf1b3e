import { randomBytes, randomUUID } from 'node:crypto';
import { link, open, readFile, unlink } from 'node:fs/promises';

/**
 * The text in `path`, made up (192 random bits, URL-safe, mode 0600) where there is none yet. Processes that race end
 * with the same one: the file appears whole by link(2), and who comes second reads the first one's.
 */
export async function readOrCreateSecret(path: string): Promise<string> {
  return readOrCreateOnce(path, randomBytes(24).toString('base64url'));
}

/** As above with a given text: what was written first stays. */
export async function readOrCreateOnce(path: string, text: string): Promise<string> {
  const kept = await readFile(path, 'utf8').catch(ifMissing);
  if (kept !== null) return kept.trim();
  const own = `${path}.${randomUUID()}`;
  const file = await open(own, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
    await link(own, path).catch(ifExists);
  } finally {
    await file.close();
    await unlink(own);
  }
  return (await readFile(path, 'utf8')).trim();
}

function ifMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

function ifExists(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
