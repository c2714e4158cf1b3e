import { createCipheriv, createDecipheriv, createSecretKey, hash, type KeyObject } from 'node:crypto';

/**
 * A sealed file: a head, and chunks of 64 KiB, each encrypted and authenticated by itself (AES-256-GCM) under the key of
 * this one file, so that reading may begin anywhere and needs the memory of a chunk. A chunk opens only behind this head,
 * at its own place, and as the last one only if it was the last one (the STREAM construction): a file that was cut, grown,
 * reordered or put together of two does not open.
 *
 *     magic, 16 bytes | id of the data key, 4 | length of the wrapped key, 2 | the file's key, wrapped by the data key
 */
export const chunkBytes = 64 * 1024;
const tagBytes = 16;
const magic = Buffer.from('leadsync sealed1');
const fixedHead = magic.length + 6;
/** Longer than any head. */
export const headBytes = 1024;

export interface SealedHead {
  readonly dataKeyId: number;
  readonly wrappedKey: Uint8Array;
  /** Where the first chunk begins. */
  readonly bytes: number;
}

export interface ChunkKey {
  readonly key: KeyObject;
  /** Binds the chunks to their head. */
  readonly bound: Uint8Array;
}

export interface ChunkPlace {
  readonly index: number;
  readonly isLast: boolean;
}

export function writeHead(dataKeyId: number, wrappedKey: Uint8Array): Buffer {
  const numbers = Buffer.alloc(6);
  numbers.writeUInt32BE(dataKeyId, 0);
  numbers.writeUInt16BE(wrappedKey.length, 4);
  return Buffer.concat([magic, numbers, wrappedKey]);
}

/** Null: these bytes begin no sealed file. */
export function readHead(start: Buffer): SealedHead | null {
  if (start.length < fixedHead || !start.subarray(0, magic.length).equals(magic)) return null;
  const bytes = fixedHead + start.readUInt16BE(magic.length + 4);
  if (start.length < bytes) return null;
  return { dataKeyId: start.readUInt32BE(magic.length), wrappedKey: start.subarray(fixedHead, bytes), bytes };
}

/** How long the plain bytes are, and in how many chunks. Null: no sealed file has this length. */
export function measure(
  head: SealedHead,
  fileBytes: number,
): { readonly plain: number; readonly chunks: number } | null {
  const body = fileBytes - head.bytes;
  const chunks = Math.ceil(body / (chunkBytes + tagBytes));
  const plain = body - chunks * tagBytes;
  return chunks < 1 || plain < 0 || plain < (chunks - 1) * chunkBytes ? null : { plain, chunks };
}

export function chunkAt(head: SealedHead, index: number): { readonly at: number; readonly length: number } {
  return { at: head.bytes + index * (chunkBytes + tagBytes), length: chunkBytes + tagBytes };
}

export function chunkKey(fileKey: string, head: Uint8Array): ChunkKey {
  return { key: createSecretKey(fileKey, 'base64'), bound: Buffer.from(hash('sha256', head, 'hex'), 'hex') };
}

export function sealChunk({ key, bound }: ChunkKey, place: ChunkPlace, plain: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonceOf(place));
  cipher.setAAD(bound);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Throws for anything but the chunk of this place. */
export function openChunk({ key, bound }: ChunkKey, place: ChunkPlace, sealed: Buffer): Buffer {
  if (sealed.length < tagBytes) throw new Error('a chunk that is too short to be one');
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(place), { authTagLength: tagBytes });
  decipher.setAAD(bound);
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  const plain = decipher.update(sealed.subarray(0, -tagBytes));
  return Buffer.concat([plain, decipher.final()]);
}

/** Each is used once: a file's key seals this file alone, and a rewritten file has another key. */
function nonceOf({ index, isLast }: ChunkPlace): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(index, 7);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}
