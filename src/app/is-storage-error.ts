import { systemCode } from './system-code.ts';

/** No room, no right, something in the way, a disk or a mount that fails. Not: gone, which a file between two looks may be. */
const storageCodes: ReadonlySet<string> = new Set([
  'EACCES',
  'EDQUOT',
  'EEXIST',
  'EFBIG',
  'EIO',
  'EISDIR',
  'ELOOP',
  'EMFILE',
  'ENAMETOOLONG',
  'ENFILE',
  'ENOSPC',
  'ENOTDIR',
  'ENXIO',
  'EPERM',
  'EROFS',
  'ESTALE',
]);

/** The file system says so, and not a server on the network. */
export function isStorageError(error: unknown): boolean {
  const isOfSocket = error instanceof Error && 'syscall' in error && error.syscall === 'connect';
  return !isOfSocket && storageCodes.has(systemCode(error));
}
