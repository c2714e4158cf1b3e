import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

const writeAtBytes = 64 * 1024;

/** Writes chunks of any size behind each other, text as UTF-8. Answers what was written. */
export async function writeChunks(
  file: FileHandle,
  chunks: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  const flush = async (): Promise<void> => {
    const block = Buffer.concat(pending);
    pending = [];
    pendingBytes = 0;
    hash.update(block);
    bytes += block.length;
    await file.writeFile(block);
  };
  for await (const chunk of chunks) {
    const piece = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    pending.push(piece);
    pendingBytes += piece.length;
    if (pendingBytes >= writeAtBytes) await flush();
  }
  await flush();
  return { sha256: hash.digest('hex'), bytes };
}
