import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureAuditKey, ensureSecretKey, keysToRotate } from '../../src/config/keys.ts';
import { scratchFolder, type ScratchFolder } from '../support/scratch-folder.ts';

let scratch: ScratchFolder;
beforeEach(async () => {
  scratch = await scratchFolder();
});
afterEach(() => scratch.remove());

const embedded = () => ({
  home: join(scratch.path, 'home'),
  secretKey: null,
  auditKey: null,
  database: { url: null, adminUrl: null },
});

describe('ensureSecretKey', () => {
  it('makes a key once, for its owner alone', async () => {
    const made = ensureSecretKey(embedded());
    expect(made).toHaveLength(32);
    expect(ensureSecretKey(embedded())).toEqual(made);
    expect(await readdir(embedded().home)).toEqual(['secret.key']);
    expect((await stat(join(embedded().home, 'secret.key'))).mode & 0o777).toBe(0o600);
  });

  it('makes the same key for processes that start at once', async () => {
    const go = join(scratch.path, 'go');
    const script = `
      import { existsSync } from 'node:fs';
      import { ensureSecretKey } from ${JSON.stringify(new URL('../../src/config/keys.ts', import.meta.url).href)};
      console.log('ready');
      while (!existsSync(${JSON.stringify(go)}));
      console.log(Buffer.from(ensureSecretKey(${JSON.stringify(embedded())})).toString('hex'));
    `;
    const children = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] }),
    );
    const outputs = children.map((child) => text(child.stdout));
    await Promise.all(children.map((child) => once(child.stdout, 'data')));
    await writeFile(go, '');
    const keys = await Promise.all(outputs);
    expect(keys[0]).toMatch(/^ready\n[0-9a-f]{64}\n$/);
    expect(new Set(keys).size).toBe(1);
    expect(await readdir(embedded().home)).toEqual(['secret.key']);
  });

  it('leaves a configured key alone', () => {
    const secretKey = new Uint8Array(32);
    expect(ensureSecretKey({ ...embedded(), secretKey })).toBe(secretKey);
  });

  it('refuses a kept key that others can read, or that is none', async () => {
    ensureSecretKey(embedded());
    const path = join(embedded().home, 'secret.key');
    await chmod(path, 0o640);
    expect(() => ensureSecretKey(embedded())).toThrow('got mode 0640');
    await chmod(path, 0o600);
    await writeFile(path, 'half');
    expect(() => ensureSecretKey(embedded())).toThrow('got 4 bytes');
  });
});

describe('ensureAuditKey', () => {
  it('makes none beside a database of several hosts', () => {
    expect(ensureAuditKey({ ...embedded(), database: { url: 'postgres://db/x', adminUrl: null } })).toBeNull();
    expect(ensureAuditKey(embedded())).toHaveLength(32);
  });
});

describe('keysToRotate', () => {
  const config = (over: Partial<Parameters<typeof keysToRotate>[0]> = {}) => ({
    ...embedded(),
    oldSecretKey: null,
    ...over,
  });

  it('makes the next key beside the one of the home, the same until it has taken its place', async () => {
    const kept = ensureSecretKey(embedded());
    const first = keysToRotate(config());
    expect(first.old).toEqual(kept);
    expect(first.new).not.toEqual(kept);
    // Broken off, and begun again.
    const again = keysToRotate(config());
    expect(again.new).toEqual(first.new);
    again.done();
    expect(await readdir(embedded().home)).toEqual(['secret.key']);
    expect(ensureSecretKey(embedded())).toEqual(first.new);
  });

  it('comes to one end when two processes rotate at once', () => {
    ensureSecretKey(embedded());
    const [one, other] = [keysToRotate(config()), keysToRotate(config())];
    one.done();
    other.done();
    expect(ensureSecretKey(embedded())).toEqual(one.new);
  });

  it('takes configured keys as they are, and the one of the home for the old one', () => {
    const [secretKey, oldSecretKey] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    expect(keysToRotate(config({ secretKey, oldSecretKey }))).toMatchObject({ old: oldSecretKey, new: secretKey });
    const kept = ensureSecretKey(embedded());
    expect(keysToRotate(config({ secretKey })).old).toEqual(kept);
  });

  it('wants the old one where no home has it', () => {
    expect(() => keysToRotate(config({ database: { url: 'postgres://db/leads', adminUrl: null } }))).toThrow(
      'LEADSYNC_SECRET_KEY_OLD: expected the key before',
    );
  });
});
