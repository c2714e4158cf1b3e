import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigFault } from '../domain/config-fault.ts';

/**
 * The key of a home with an embedded database: made once, kept in `secret.key` (mode 0600). Linked into place, so that of
 * two processes that make one at once both use the same.
 */
export function keepSecretKey(home: string): Uint8Array {
  mkdirSync(home, { recursive: true, mode: 0o750 });
  const path = join(home, 'secret.key');
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
    linkSync(draft, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
  if (key.length !== 32) {
    throw new ConfigFault('CONFIG_INVALID', `${path}: expected 32 bytes in base64, found ${key.length}; bring the old file back`);
  }
  return new Uint8Array(key);
}
