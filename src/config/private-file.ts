import { readFileSync, statSync } from 'node:fs';

export type PrivateFile =
  | { readonly kind: 'read'; readonly text: string }
  | { readonly kind: 'absent' }
  /** `got` completes "expected a file that only its owner can read, got …". */
  | { readonly kind: 'refused'; readonly got: string };

/** Reads a file that holds secrets, unless others could read it too. */
export function readPrivateFile(path: string): PrivateFile {
  try {
    const open = sayOpenMode(statSync(path).mode);
    if (open !== null) return { kind: 'refused', got: open };
    return { kind: 'read', text: readFileSync(path, 'utf8') };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'an error';
    return code === 'ENOENT' || code === 'ENOTDIR' ? { kind: 'absent' } : { kind: 'refused', got: code };
  }
}

/** Null: nobody but the owner can do anything with a file of this mode. */
export function sayOpenMode(mode: number): string | null {
  // Windows has no such bits.
  if (process.platform === 'win32' || (mode & 0o077) === 0) return null;
  return `mode ${(mode & 0o777).toString(8).padStart(4, '0')} (chmod 600 it)`;
}
