import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { sep } from 'node:path';
import type { FileBytes } from '../../app/ports/file-bytes.ts';
import { NoDataKey, type DataKey, type Vault } from '../../app/ports/vault.ts';
import { ConfigFault } from '../../domain/config-fault.ts';
import { sealedEnding } from '../../domain/sealed-ending.ts';
import {
  chunkAt,
  chunkBytes,
  chunkKey,
  headBytes,
  measure,
  openChunk,
  readHead,
  sealChunk,
  writeHead,
  type ChunkKey,
  type SealedHead,
} from './sealed-form.ts';

export interface KeptBytes extends FileBytes {
  read(path: string, start: number): AsyncIterable<Buffer>;
}

/** Of a file that is not what it was when we sealed it. Its name may hold personal data: it is not told. */
function brokenSeal(cause?: unknown): ConfigFault {
  const says =
    'a kept file does not open: it was changed or cut since it was sealed, or its key was destroyed; bring it back from a backup';
  return new ConfigFault('FILE_SEAL_BROKEN', says, { cause });
}

/**
 * Files below these folders whose names end as sealed ones do are sealed; all others are plain, whatever their bytes say:
 * partners choose those.
 */
export function createKeptBytes(
  vault: Pick<Vault, 'keyById' | 'keyFor'>,
  folders: { readonly archive: string; readonly rejected: string },
): KeptBytes {
  const roots = [folders.archive, folders.rejected].map((folder) => (folder.endsWith(sep) ? folder : folder + sep));
  const isSealed = (path: string): boolean =>
    path.endsWith(sealedEnding) && roots.some((root) => path.startsWith(root));

  async function* readSealed(path: string, start: number): AsyncGenerator<Buffer> {
    await using file = await open(path);
    const sealed = await openHead(file);
    const key = await keyOf(vault, sealed);
    for (let index = Math.floor(start / chunkBytes); index < sealed.chunks; index += 1) {
      const plain = await readChunk(file, sealed, key, index);
      const from = Math.max(0, start - index * chunkBytes);
      if (from < plain.length) yield from === 0 ? plain : plain.subarray(from);
    }
  }

  return {
    isSealed,
    async size(path) {
      if (!isSealed(path)) return (await stat(path)).size;
      await using file = await open(path);
      return (await openHead(file)).plain;
    },
    read: (path, start) =>
      isSealed(path)
        ? readSealed(path, start)
        : (createReadStream(path, { start, highWaterMark: chunkBytes }) as AsyncIterable<Buffer>),
    async *seal(partner, plain) {
      yield* sealed(await vault.keyFor(partner), plain);
    },
    async *sealLike(path, plain) {
      if (!isSealed(path)) return yield* plain;
      yield* sealed(await dataKeyOf(vault, await headOf(path)), plain);
    },
  };
}

async function headOf(path: string): Promise<OpenedHead> {
  await using file = await open(path);
  return await openHead(file);
}

/** A head with another number of its key was changed. */
async function dataKeyOf(vault: Pick<Vault, 'keyById'>, { dataKeyId }: SealedHead): Promise<DataKey> {
  try {
    return await vault.keyById(dataKeyId);
  } catch (error) {
    throw error instanceof NoDataKey ? brokenSeal(error) : error;
  }
}

interface OpenedHead extends SealedHead {
  readonly head: Buffer;
  readonly plain: number;
  readonly chunks: number;
}

async function openHead(file: FileHandle): Promise<OpenedHead> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
  const start = buffer.subarray(0, bytesRead);
  const head = readHead(start);
  const measured = head === null ? null : measure(head, (await file.stat()).size);
  if (head === null || measured === null) throw brokenSeal();
  return { ...head, ...measured, head: start.subarray(0, head.bytes) };
}

async function keyOf(vault: Pick<Vault, 'keyById'>, opened: OpenedHead): Promise<ChunkKey> {
  const { wrappedKey, head } = opened;
  const dataKey = await dataKeyOf(vault, opened);
  try {
    return chunkKey(dataKey.open(wrappedKey), head);
  } catch (cause) {
    throw brokenSeal(cause);
  }
}

async function readChunk(file: FileHandle, sealed: OpenedHead, key: ChunkKey, index: number): Promise<Buffer> {
  const { at, length } = chunkAt(sealed, index);
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, at);
  try {
    return openChunk(key, { index, isLast: index === sealed.chunks - 1 }, buffer.subarray(0, bytesRead));
  } catch (cause) {
    throw brokenSeal(cause);
  }
}

/** The last chunk says that it is the last, so one is held back until it is known whether another comes. */
async function* sealed(
  dataKey: DataKey,
  plain: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const fileKey = randomBytes(32).toString('base64');
  const head = writeHead(dataKey.id, dataKey.seal(fileKey));
  yield head;
  const key = chunkKey(fileKey, head);
  let waiting: Buffer = Buffer.alloc(0);
  let index = 0;
  for await (const piece of plain) {
    waiting = waiting.length === 0 ? Buffer.from(piece) : Buffer.concat([waiting, piece]);
    while (waiting.length > chunkBytes) {
      yield sealChunk(key, { index, isLast: false }, waiting.subarray(0, chunkBytes));
      waiting = waiting.subarray(chunkBytes);
      index += 1;
    }
  }
  yield sealChunk(key, { index, isLast: true }, waiting);
}
