import { randomBytes } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Upload, Uploads } from '../../app/ports/uploads.ts';

export interface OpenUploads extends Uploads {
  /** Removes what is there. */
  close(): Promise<void>;
}

/** Of one owner: each may be long, and a script that only ever compares would fill the disk with them. */
const mostOfOwner = 3;

interface Kept extends Upload {
  readonly owner: string;
  readonly timer: NodeJS.Timeout;
}

/** Uploads in a folder of their own below the system's temporary one, made with the first. */
export function createUploads({
  mostBytes,
  keptMs = 30 * 60_000,
}: {
  readonly mostBytes: number;
  readonly keptMs?: number;
}): OpenUploads {
  const kept = new Map<string, Kept>();
  let folder: Promise<string> | null = null;

  async function remove(token: string): Promise<void> {
    const upload = kept.get(token);
    if (upload === undefined) return;
    kept.delete(token);
    clearTimeout(upload.timer);
    await rm(upload.path, { force: true });
  }

  return {
    mostBytes,
    async take(owner, content) {
      // mkdtemp gives it to us alone.
      const path = join(
        await (folder ??= mkdtemp(join(tmpdir(), 'leadsync-uploads-'))),
        randomBytes(8).toString('hex'),
      );
      const written = await write(path, content, mostBytes).catch(async (error: unknown) => {
        await rm(path, { force: true });
        throw error;
      });
      if (written === null) {
        await rm(path, { force: true });
        return null;
      }
      const token = randomBytes(32).toString('base64url');
      const timer = setTimeout(() => void remove(token).catch(() => undefined), keptMs).unref();
      const upload = { token, path, ...written };
      kept.set(token, { ...upload, owner, timer });
      const own = [...kept].filter(([, other]) => other.owner === owner).map(([of]) => of);
      for (const oldest of own.slice(0, -mostOfOwner)) await remove(oldest);
      return upload;
    },
    find(token, owner) {
      const upload = kept.get(token);
      return upload === undefined || upload.owner !== owner ? null : upload;
    },
    remove,
    async close() {
      for (const { timer } of kept.values()) clearTimeout(timer);
      kept.clear();
      if (folder !== null) await rm(await folder, { recursive: true, force: true });
    },
  };
}

async function write(
  path: string,
  content: AsyncIterable<Uint8Array>,
  mostBytes: number,
): Promise<{ readonly bytes: number; readonly endsOpen: boolean } | null> {
  await using file = await open(path, 'wx', 0o600);
  let bytes = 0;
  let tail = Buffer.alloc(0);
  for await (const chunk of content) {
    bytes += chunk.length;
    // Read on to its end, and thrown away: who breaks off in the middle gets no answer to read.
    if (bytes > mostBytes) continue;
    await file.writeFile(chunk);
    tail = Buffer.concat([tail, chunk.subarray(-2)]).subarray(-2);
  }
  if (bytes > mostBytes) return null;
  // UTF-16 has a zero before or behind its line feed.
  return { bytes, endsOpen: !/[\n\r]\0?$/.test(tail.toString('latin1')) };
}
