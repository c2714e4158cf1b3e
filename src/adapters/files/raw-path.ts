import { isUtf8 } from 'node:buffer';
import { join, sep } from 'node:path';
import type { RawPath } from '../../app/ports/folders.ts';

/** As node:fs takes it. */
export type FsPath = string | Buffer;

export function fsPath(path: RawPath): FsPath {
  return typeof path === 'string' ? path : Buffer.from(path);
}

/** The path of an entry, whatever bytes its name has. */
export function entryPath(folder: FsPath, name: Buffer): FsPath {
  if (typeof folder === 'string' && isUtf8(name)) return join(folder, name.toString());
  return Buffer.concat([Buffer.from(folder), Buffer.from(sep), name]);
}

/** Tells paths apart, as a key. */
export function pathKey(path: FsPath): string {
  return typeof path === 'string' ? path : `\0${path.toString('latin1')}`;
}
