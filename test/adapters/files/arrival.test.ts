import { execFile } from 'node:child_process';
import { appendFile, link, mkdir, open, rename, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ageMs, foldersUnderTest, type FoldersUnderTest } from './folders-under-test.ts';

let test: FoldersUnderTest;
beforeEach(async () => {
  test = await foldersUnderTest();
});
afterEach(() => test.remove());

describe('a look at the inboxes', () => {
  it('finds a file once nothing of it has changed for long enough', async () => {
    await test.drop('x.csv', 'a;b\n');
    expect(await test.folders.scan()).toEqual({ ready: [], arriving: 1 });
    test.pass(ageMs - 1);
    expect(await test.look()).toEqual([]);
    test.pass(1);
    expect(await test.folders.scan()).toEqual({
      ready: [{ partner: 'acme', name: 'x.csv', path: join(test.inbox, 'x.csv') }],
      arriving: 0,
    });
  });

  it('never finds a file at first sight, however old it is', async () => {
    const path = await test.drop('x.csv', 'a;b\n');
    await utimes(path, 0, 0);
    test.pass(1_000_000);
    expect(await test.look()).toEqual([]);
  });

  it('waits for one who appends slowly', async () => {
    const path = await test.drop('x.csv', 'a;b\n');
    for (let line = 0; line < 5; line++) {
      await test.look();
      test.pass(ageMs - 1);
      await appendFile(path, `${line};x\n`);
    }
    expect(await test.look()).toEqual([]);
    test.pass(ageMs);
    expect(await test.look()).toEqual(['x.csv']);
  });

  it('waits for one who allocates the whole file first and fills it in', async () => {
    const path = await test.drop('x.csv', '');
    await truncate(path, 1_000);
    for (let seconds = 1; seconds <= 3; seconds++) {
      await test.look();
      test.pass(ageMs);
      await using file = await open(path, 'r+');
      await file.write('a;b\n', seconds * 4);
      // The kernel's clock ticks in milliseconds; two writes of this test may fall into one tick.
      await utimes(path, seconds, seconds);
      expect(await test.look()).toEqual([]);
    }
    test.pass(ageMs);
    expect(await test.look()).toEqual(['x.csv']);
  });

  it('waits for a copy that keeps the time of its original while it grows', async () => {
    const path = await test.drop('x.csv', 'a;b\n');
    await utimes(path, 1, 1);
    await test.look();
    test.pass(ageMs);
    await appendFile(path, '1;2\n');
    await utimes(path, 1, 1);
    expect(await test.look()).toEqual([]);
  });

  it('begins anew when another file of the same size and time takes the name', async () => {
    const path = await test.drop('x.csv', 'a;b\n');
    const next = join(test.root, 'next.csv');
    await writeFile(next, 'c;d\n');
    for (const each of [path, next]) await utimes(each, 1, 1);
    await test.look();
    test.pass(ageMs);
    await rename(next, path);
    expect(await test.look()).toEqual([]);
  });

  it('waits longer for an empty file: many programs write only when they close it', async () => {
    await test.drop('x.csv', '');
    await test.look();
    test.pass(ageMs);
    expect(await test.look()).toEqual([]);
    test.pass(9 * ageMs);
    expect(await test.look()).toEqual(['x.csv']);
  });

  it('passes over temporary names until they are renamed', async () => {
    const names = ['.x.csv', '~$x.csv', 'x.csv~', 'x.csv.part', 'x.csv.FILEPART', 'x.tmp', 'x.csv.crdownload'];
    for (const name of names) await test.drop(name, 'a;b\n');
    await test.look();
    test.pass(ageMs);
    expect(await test.folders.scan()).toEqual({ ready: [], arriving: 0 });
    await rename(join(test.inbox, 'x.csv.part'), join(test.inbox, 'x.csv'));
    await test.look();
    test.pass(ageMs);
    expect(await test.look()).toEqual(['x.csv']);
  });

  it('passes over links of both kinds, folders and pipes', async () => {
    const outside = join(test.root, 'outside.csv');
    await writeFile(outside, 'a;b\n');
    await symlink(outside, join(test.inbox, 'soft.csv'));
    await link(outside, join(test.inbox, 'hard.csv'));
    await mkdir(join(test.inbox, 'folder.csv'));
    await promisify(execFile)('mkfifo', [join(test.inbox, 'pipe.csv')]);
    await test.look();
    test.pass(ageMs);
    expect(await test.folders.scan()).toEqual({ ready: [], arriving: 0 });
  });

  it('sees folders of partners that nobody has configured, and linked ones', async () => {
    await mkdir(join(test.root, 'sftp'));
    await writeFile(join(test.root, 'sftp', 'x.csv'), 'a;b\n');
    await symlink(join(test.root, 'sftp'), join(test.root, 'inbox', 'norte'));
    await test.look();
    test.pass(ageMs);
    expect((await test.folders.scan()).ready).toMatchObject([{ partner: 'norte', name: 'x.csv' }]);
  });

  it('knows nothing of a file that was away in between', async () => {
    const path = await test.drop('x.csv', 'a;b\n');
    await test.look();
    await rename(path, join(test.root, 'away.csv'));
    await test.look();
    await rename(join(test.root, 'away.csv'), path);
    test.pass(ageMs);
    expect(await test.look()).toEqual([]);
  });
});
