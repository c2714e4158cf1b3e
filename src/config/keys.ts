import { randomBytes, randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigFault } from '../domain/config-fault.ts';
import type { Config } from './config.ts';
import { readPrivateFile } from './private-file.ts';
import { variableSchemas } from './variable-schemas.ts';

type KeyConfig = Pick<Config, 'auditKey' | 'database' | 'home' | 'secretKey'>;

/** The configured key, else the one kept in the home: made at the first call, the same for all processes of that home. */
export function ensureSecretKey(config: KeyConfig): Uint8Array {
  return config.secretKey ?? keyIn(join(config.home, 'secret.key'));
}

export interface KeysToRotate {
  readonly old: Uint8Array;
  readonly new: Uint8Array;
  /** Once the key table is wrapped by the new one. */
  done(): void;
}

/**
 * The secret before and the one to come. Where it is kept in the home a new one is made beside it, and takes its place
 * at the end: a rotation that was broken off finds it there.
 */
export function keysToRotate(config: KeyConfig & Pick<Config, 'oldSecretKey'>): KeysToRotate {
  const kept = join(config.home, 'secret.key');
  const old = config.oldSecretKey ?? (config.database.url === null ? readKey(kept) : null);
  if (old === null) {
    throw new ConfigFault(
      'CONFIG_INVALID',
      'LEADSYNC_SECRET_KEY_OLD: expected the key before, by which the key table is wrapped, got nothing',
    );
  }
  if (config.secretKey !== null) return { old, new: config.secretKey, done: () => undefined };
  const next = `${kept}.next`;
  return {
    old,
    new: keyIn(next),
    done() {
      try {
        renameSync(next, kept);
      } catch (error) {
        // Another process that rotated to the same key was faster.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
      syncFolder(dirname(kept));
    },
  };
}

/** Likewise, for the embedded database. Null with another one: its hosts would each sign with a key of their own. */
export function ensureAuditKey(config: KeyConfig): Uint8Array | null {
  if (config.auditKey !== null) return config.auditKey;
  return config.database.url === null ? keyIn(join(config.home, 'audit.key')) : null;
}

function keyIn(path: string): Uint8Array {
  const kept = readKey(path);
  if (kept !== null) return kept;
  makeKey(path);
  const made = readKey(path);
  if (made === null) throw new Error(`${path} was made and is gone`);
  return made;
}

function readKey(path: string): Uint8Array | null {
  const file = readPrivateFile(path);
  if (file.kind === 'absent') return null;
  const text = file.kind === 'read' ? file.text.trim() : '';
  const parsed = variableSchemas.LEADSYNC_SECRET_KEY.safeParse(text);
  if (parsed.success) return parsed.data;
  const got = file.kind === 'read' ? `${Buffer.byteLength(text)} bytes` : file.got;
  throw new ConfigFault(
    'CONFIG_INVALID',
    `${path}: expected 32 bytes in base64 that only the owner can read, got ${got}`,
  );
}

/** Several processes may start at once: a link never replaces, so the first key stays and is whole when it appears. */
function makeKey(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}`;
  const file = openSync(temporary, 'wx', 0o600);
  try {
    writeSync(file, `${randomBytes(32).toString('base64')}\n`);
    fsyncSync(file);
    linkSync(temporary, path);
    syncFolder(dirname(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    closeSync(file);
    rmSync(temporary, { force: true });
  }
}

/** A ledger must not outlive the key that it was made with, so the name is on disk before the key is used. */
function syncFolder(path: string): void {
  // Windows can't.
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  fsyncSync(folder);
  closeSync(folder);
}
