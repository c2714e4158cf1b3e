import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { foldersUnderTest, type FoldersUnderTest } from './folders-under-test.ts';

let test: FoldersUnderTest;
let outbox: string;
beforeEach(async () => {
  test = await foldersUnderTest();
  outbox = join(test.root, 'outbox', 'acme');
});
afterEach(() => test.remove());

describe('publish', () => {
  it('writes chunks and answers what it wrote', async () => {
    const published = await test.folders.publish('acme', 'x.results.csv', ['row;outcome\n', '2;registrado ñ\n']);
    const bytes = await readFile(published.path);
    expect(bytes.toString()).toBe('row;outcome\n2;registrado ñ\n');
    expect(published).toEqual({
      path: join(outbox, 'x.results.csv'),
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    expect((await stat(published.path)).mode & 0o137).toBe(0);
  });

  it('writes into a partner’s folder that is a link to where the SFTP server shows it', async () => {
    const shown = join(test.root, 'sftp', 'norte', 'outbox');
    await mkdir(shown, { recursive: true });
    await symlink(shown, join(test.root, 'outbox', 'norte'));
    for (const text of ['old', 'new'])
      await test.folders.publish('norte', 'x.results.csv', [text], { keepOlderAs: 'x.results.v1.csv' });
    expect((await readdir(shown)).toSorted()).toEqual(['x.results.csv', 'x.results.v1.csv']);
    expect(await readFile(join(shown, 'x.results.csv'), 'utf8')).toBe('new');
  });

  it('writes large and empty files', async () => {
    const line = `${'ñ'.repeat(1_000)}\n`;
    const large = await test.folders.publish(
      'acme',
      'large.csv',
      Array.from({ length: 500 }, () => line),
    );
    expect(large.bytes).toBe(500 * 2_001);
    expect((await readFile(large.path, 'utf8')).length).toBe(500 * 1_001);
    expect((await test.folders.publish('norte', 'empty.csv', [])).bytes).toBe(0);
  });

  it('shows a reader the old file or the new one, never a half', async () => {
    const text = (version: number) => `${version}\n`.repeat(50_000);
    await test.folders.publish('acme', 'x.csv', [text(0)]);
    const seen = new Set<string>();
    let isOver = false;
    const reader = (async () => {
      while (!isOver) seen.add(await readFile(join(outbox, 'x.csv'), 'utf8'));
    })();
    for (let version = 1; version <= 20; version++) {
      await test.folders.publish('acme', 'x.csv', [text(version).slice(0, 40_000), text(version).slice(40_000)], {
        keepOlderAs: `x.v${version}.csv`,
      });
    }
    isOver = true;
    await reader;
    for (const each of seen) expect(each === text(Number.parseInt(each, 10))).toBe(true);
  });

  it('shows nothing while it is written, and leaves the old file and no other when writing fails', async () => {
    await test.folders.publish('acme', 'x.csv', ['old']);
    async function* failing() {
      yield 'n'.repeat(100_000);
      expect(await readFile(join(outbox, 'x.csv'), 'utf8')).toBe('old');
      expect((await readdir(outbox)).filter((name) => !name.startsWith('.'))).toEqual(['x.csv']);
      throw new Error('the ledger is gone');
    }
    await expect(test.folders.publish('acme', 'x.csv', failing())).rejects.toThrow('the ledger is gone');
    expect(await readdir(outbox)).toEqual(['x.csv']);
    expect(await readFile(join(outbox, 'x.csv'), 'utf8')).toBe('old');
  });

  it('keeps what was there under its older name, once', async () => {
    const publish = (text: string, keepOlderAs: string | null) =>
      test.folders.publish('acme', 'x.csv', [text], { keepOlderAs });
    const read = (name: string) => readFile(join(outbox, name), 'utf8');
    await publish('one', 'x.v0.csv');
    expect(await readdir(outbox)).toEqual(['x.csv']);
    await publish('two', 'x.v1.csv');
    // A crash before the version was committed: the same version is issued again.
    await publish('two', 'x.v1.csv');
    expect([await read('x.csv'), await read('x.v1.csv')]).toEqual(['two', 'one']);
    await publish('three', null);
    expect(await readdir(outbox)).toEqual(['x.csv', 'x.v1.csv']);
  });

  it('takes no name that leads elsewhere', async () => {
    for (const name of ['../x.csv', 'a/b', '..', '']) {
      await expect(test.folders.publish('acme', name, ['x'])).rejects.toThrow('out of its folder');
      await expect(test.folders.publish(name, 'x.csv', ['x'])).rejects.toThrow('out of its folder');
    }
  });

  it("shortens the partner's part of a name that no file system takes", async () => {
    const { path } = await test.folders.publish('acme', `${'a'.repeat(250)}.csv.0192.results.csv`, ['x']);
    expect(path.endsWith('.csv.0192.results.csv')).toBe(true);
    expect(await readFile(path, 'utf8')).toBe('x');
  });
});
