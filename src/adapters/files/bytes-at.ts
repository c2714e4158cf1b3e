import type { FileBytes } from '../../app/ports/file-bytes.ts';

/** Some bytes of a file; fewer where it ends before. */
export async function bytesAt(bytes: FileBytes, path: string, at: number, length: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let missing = length;
  if (missing <= 0) return Buffer.alloc(0);
  for await (const chunk of bytes.read(path, at)) {
    pieces.push(chunk.subarray(0, missing));
    missing -= chunk.length;
    if (missing <= 0) break;
  }
  return Buffer.concat(pieces);
}
