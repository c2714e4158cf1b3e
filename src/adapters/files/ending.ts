import type { FileHandle } from 'node:fs/promises';
import { foreignFormatBytes, foreignFormatOf } from '../../domain/foreign-format.ts';
import { openFile } from './open-file.ts';
import type { FsPath } from './raw-path.ts';

/**
 * How a file ends: behind its last record, somewhere else, or with zeros in the place of bytes that have never arrived
 * (who copies over a network often allocates first and fills then, and some servers keep the time until the end).
 */
export type Ending = 'line_break' | 'open' | 'hole';

const tailBytes = 64;

/** `open` as well for a file that can't be read: whoever takes it finds out why. */
export async function endingOf(path: FsPath, size: number): Promise<Ending> {
  if (size === 0) return 'open';
  const file = await openFile(path).catch(() => null);
  if (file === null) return 'open';
  await using opened = file;
  const tail = await readAt(opened, Math.max(0, size - tailBytes), tailBytes);
  // UTF-16 has a zero before or behind its line feed.
  const text = tail.toString('latin1');
  if (/[\n\r]\0?$/.test(text)) return 'line_break';
  if (!/^\0+$/.test(text)) return 'open';
  // Spreadsheets and archives may well end in zeros.
  return foreignFormatOf(await readAt(opened, 0, foreignFormatBytes)) === null ? 'hole' : 'open';
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
