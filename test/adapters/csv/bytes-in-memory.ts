import type { ByteSource } from '../../../src/adapters/csv/file-bytes.ts';

/** Bytes as a file of its own, handed out in chunks of so many. Nothing of it is kept: it may be changed by who reads it. */
export function bytesInMemory(bytes: Uint8Array, chunkBytes = 256 * 1024): ByteSource {
  return {
    size: async () => bytes.length,
    mark: async () => 'memory',
    async *read(_, start) {
      for (let at = start; at < bytes.length; at += chunkBytes) yield Buffer.from(bytes.slice(at, at + chunkBytes));
    },
  };
}
