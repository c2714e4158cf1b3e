import { execFile } from 'node:child_process';
import { appendFile, link, mkdir, open, rename, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ageMs, foldersUnderTest, type FoldersUnderTest } from './folders-under-test.ts';

const run = promisify(execFile);

let test: FoldersUnderTest;
beforeEach(async () => {
  test = await foldersUnderTest();
});
afterEach(() => test.remove());

describe('a look at the inboxes', () => {
  it('finds a file once nothing of it has changed for long enough', async () => {
    await test.drop('x.csv', 'a;b\n');
    expect(await test.sight()).toMatchObject({ arriving: 1, overdue: 0 });
    test.pass(ageMs - 1);
    expect(await test.look()).toEqual([]);
    test.pass(1);
    const { ready, folders } = await test.scan();
    expect(ready).toMatchObject([{ partner: 'acme', name: 'x.csv', path: join(test.inbox, 'x.csv') }]);
    expect(folders).toEqual([]);
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
    await truncate(path, 12);
    for (let seconds = 1; seconds <= 3; seconds++) {
      await test.look();
      test.pass(ageMs);
      await using file = await open(path, 'r+');
      await file.write('a;b\n', (seconds - 1) * 4);
      // The kernel's clock ticks in milliseconds; two writes of this test may fall into one tick.
      await utimes(path, seconds, seconds);
      expect(await test.look()).toEqual([]);
    }
    test.pass(ageMs);
    expect(await test.look()).toEqual(['x.csv']);
  });

  it('waits half an hour for what was allocated and not filled in: some servers keep the time until the end', async () => {
    const path = await test.drop('x.csv', 'a;b\n');
    await truncate(path, 1_000);
    await test.look();
    test.pass(30 * 60_000 - 1);
    expect(await test.look()).toEqual([]);
    test.pass(1);
    expect(await test.look()).toEqual(['x.csv']);
  });

  it.each([
    ['LF', Buffer.from('a;b\n1;2\n'), 1],
    ['CRLF', Buffer.from('a;b\r\n1;2\r\n'), 1],
    ['CR, as of old Macs', Buffer.from('a;b\r1;2\r'), 1],
    ['a line break in UTF-16LE', Buffer.from('a;b\n', 'utf16le'), 1],
    ['a line break in UTF-16BE', Buffer.from('a;b\n', 'utf16le').swap16(), 1],
    ['half a record', Buffer.from('a;b\n1;'), 10],
    ['half a record in UTF-16LE', Buffer.from('a;b\n1;', 'utf16le'), 10],
    ['the zeros of a spreadsheet', Buffer.concat([Buffer.from('PK\x03\x04xl/'), Buffer.alloc(64)]), 10],
  ])('a file that ends in %s is ready', async (_, bytes, afterAges) => {
    await test.drop('x.csv', bytes);
    await test.look();
    test.pass(afterAges * ageMs - 1);
    expect(await test.look()).toEqual([]);
    test.pass(1);
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

  it('waits for a file under a temporary name, or in a folder for uploads, until it has its own', async () => {
    await mkdir(join(test.inbox, 'staging'));
    const names = ['x.csv.part', 'y.csv.FILEPART', 'z.tmp', 'v.csv.crdownload', 'staging/w.csv'];
    for (const name of names) await test.drop(name, 'a;b\n');
    await test.look();
    test.pass(100 * ageMs);
    expect(await test.look()).toEqual([]);
    expect(await test.sight()).toMatchObject({ arriving: 5 });
    await rename(join(test.inbox, 'x.csv.part'), join(test.inbox, 'x.csv'));
    await test.look();
    test.pass(ageMs);
    expect(await test.look()).toEqual(['x.csv']);
  });

  it('has nothing to do with what editors and systems leave in a folder', async () => {
    for (const name of ['.x.csv', '~$x.csv', 'x.csv~', 'Thumbs.db', 'desktop.ini']) await test.drop(name, 'a;b\n');
    await mkdir(join(test.inbox, '@eaDir'));
    await test.drop('@eaDir/x.csv', 'a;b\n');
    await test.look();
    test.pass(100 * ageMs);
    expect(await test.scan()).toEqual({ ready: [], folders: [] });
  });

  it('passes over links of both kinds, pipes and devices, and says how many', async () => {
    const outside = join(test.root, 'outside.csv');
    await writeFile(outside, 'a;b\n');
    await symlink(outside, join(test.inbox, 'soft.csv'));
    await symlink(test.root, join(test.inbox, 'folder'));
    await symlink('/dev/zero', join(test.inbox, 'device.csv'));
    await link(outside, join(test.inbox, 'hard.csv'));
    await run('mkfifo', [join(test.inbox, 'pipe.csv')]);
    await test.look();
    test.pass(100 * ageMs);
    expect(await test.look()).toEqual([]);
    expect(await test.sight()).toMatchObject({ arriving: 0, passedOver: 5 });
  });

  it('sees folders of partners that nobody has configured, and linked ones', async () => {
    await mkdir(join(test.root, 'sftp'));
    await writeFile(join(test.root, 'sftp', 'x.csv'), 'a;b\n');
    await symlink(join(test.root, 'sftp'), join(test.root, 'inbox', 'norte'));
    await test.look();
    test.pass(ageMs);
    expect((await test.scan()).ready).toMatchObject([{ partner: 'norte', name: 'x.csv' }]);
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

  it('says how many files are still not whole after half an hour, and since when', async () => {
    await test.drop('x.csv.part', 'a;b\n');
    await test.look();
    test.pass(20 * 60_000);
    await test.drop('y.csv.part', 'a;b\n');
    expect(await test.sight()).toMatchObject({ arriving: 2, overdue: 0, overdueForMs: 0 });
    test.pass(15 * 60_000);
    await appendFile(join(test.inbox, 'x.csv.part'), '1;2\n');
    expect(await test.sight()).toMatchObject({ arriving: 2, overdue: 1, overdueForMs: 35 * 60_000 });
  });

  it('finds a file in a sub-folder, and one in the inbox itself, since they would lie there for ever', async () => {
    await mkdir(join(test.inbox, '2026', 'enero'), { recursive: true });
    await test.drop('2026/enero/x.csv', 'a;b\n');
    await writeFile(join(test.root, 'inbox', 'lost.csv'), 'a;b\n');
    await test.look();
    test.pass(ageMs);
    expect((await test.scan()).ready).toMatchObject([{ partner: '_inbox', name: 'lost.csv', isInSubfolder: false }]);
    test.pass(9 * ageMs);
    const { ready } = await test.scan();
    expect(ready).toContainEqual(
      expect.objectContaining({ partner: 'acme', name: '2026_enero_x.csv', isInSubfolder: true }),
    );
  });

  it('gives names that are not UTF-8, or not safe to show, a safe one', async () => {
    const folder = Buffer.from(`${test.inbox}/`);
    await writeFile(Buffer.concat([folder, Buffer.from('campa\xf1a.csv', 'latin1')]), 'a;b\n');
    await writeFile(Buffer.concat([folder, Buffer.from('\xff\x81.csv', 'latin1')]), 'a;b\n');
    await test.drop('two\nlines \u202Evsc.exe.csv', 'a;b\n');
    await test.drop('up\\..\\x.csv', 'a;b\n');
    await test.look();
    test.pass(ageMs);
    expect((await test.look()).toSorted()).toEqual(['campaña.csv', 'two_lines _vsc.exe.csv', 'up_.._x.csv', 'ÿ_.csv']);
  });
});
