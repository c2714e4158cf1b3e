import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

const chunkBytes = 256 * 1024;

/** SHA-256, hex, of an open file from its start; each chunk goes to `also` as well. At constant memory. */
export async function digestOf(
  file: FileHandle,
  also: (chunk: Uint8Array) => Promise<unknown> = async () => {},
): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(chunkBytes);
  let bytes = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, chunkBytes, bytes);
    if (bytesRead === 0) return { sha256: hash.digest('hex'), bytes };
    const chunk = buffer.subarray(0, bytesRead);
    hash.update(chunk);
    await also(chunk);
    bytes += bytesRead;
  }
}
