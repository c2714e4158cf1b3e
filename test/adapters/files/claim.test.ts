import { createHash } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { foldersUnderTest, foundAgain, type FoldersUnderTest } from './folders-under-test.ts';

let test: FoldersUnderTest;
beforeEach(async () => {
  test = await foldersUnderTest();
});
afterEach(() => test.remove());

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const slots = async () => (await readdir(join(test.inbox, '.taken'))).filter((name) => name !== '.late');
const visible = async () => (await readdir(test.inbox)).filter((name) => !name.startsWith('.'));

describe('claim', () => {
  it('moves the file out of sight, under its hash and its own name', async () => {
    const file = await test.claimed('x.csv', 'a;b\n');
    expect(file).toEqual({
      partner: 'acme',
      firstSeenMs: expect.any(Number) as number,
      name: 'x.csv',
      path: join(test.inbox, '.taken', sha256('a;b\n'), 'x.csv'),
      sha256: sha256('a;b\n'),
      bytes: 4,
      fault: null,
    });
    expect(await readFile(file.path, 'utf8')).toBe('a;b\n');
    expect(await visible()).toEqual([]);
  });

  it('lets one of many claimers win', async () => {
    const found = await test.found('x.csv', 'a;b\n'.repeat(100_000));
    const claims = await Promise.all(
      Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? test.folders : test.others).claim(found)),
    );
    expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
    expect(await test.folders.listClaimed()).toHaveLength(1);
    expect(await slots()).toHaveLength(1);
  });

  it('keeps both when the same bytes come under the same name again', async () => {
    const first = await test.claimed('x.csv', 'a;b\n');
    const second = await test.claimed('x.csv', 'a;b\n');
    expect(second.path).not.toBe(first.path);
    expect([second.name, second.sha256]).toEqual([first.name, first.sha256]);
    expect((await test.folders.listClaimed()).map(({ path }) => path)).toEqual([first.path, second.path]);
  });

  it('answers null for a file that is gone', async () => {
    const found = await test.found('x.csv', 'a;b\n');
    await rm(found.path);
    expect(await test.folders.claim(found)).toBeNull();
    expect(await slots()).toEqual([]);
  });

  it('leaves a file alone that became a link', async () => {
    const found = await test.found('x.csv', 'a;b\n');
    const outside = join(test.root, 'outside');
    await writeFile(outside, 'secret');
    await rm(found.path);
    await symlink(outside, found.path);
    expect(await test.folders.claim(found)).toBeNull();
    await rm(found.path);
    await link(outside, found.path);
    expect(await test.folders.claim(found)).toBeNull();
    expect(await visible()).toEqual(['x.csv']);
  });

  it.each([
    ['grows', 'a'],
    ['is written over', 'r+'],
  ])('leaves a file alone that %s while it is hashed', async (_, flags) => {
    const found = await test.found('x.csv', 'a;b\n'.repeat(5_000_000));
    await using writer = await open(found.path, flags);
    const claim = test.folders.claim(found);
    // Writes go on until the claim has ended, so that some fall between its first and its last look.
    let isOver = false;
    void claim.finally(() => (isOver = true));
    while (!isOver) await writer.write('1;2\n', flags === 'a' ? null : 0);
    expect(await claim).toBeNull();
    expect(await visible()).toEqual(['x.csv']);
  });

  it('shows by its hash that a writer went on after the claim', async () => {
    const found = await test.found('x.csv', 'a;b\n');
    await using writer = await open(found.path, 'a');
    const file = await test.claimedFile(found);
    await writer.write('1;2\n');
    expect(await test.folders.detach(file)).not.toBe(file.sha256);
  });

  it('is out of reach of a writer that still has the file open, once it is detached', async () => {
    const found = await test.found('x.csv', 'a;b\n');
    await using writer = await open(found.path, 'a');
    const file = await test.claimedFile(found);
    expect(await test.folders.detach(file)).toBe(file.sha256);
    await writer.write('1;2\n');
    expect(await readFile(file.path, 'utf8')).toBe('a;b\n');
    expect(await test.folders.listClaimed()).toEqual([foundAgain(file)]);
  });

  it('never builds a path out of a name that leads elsewhere', async () => {
    const found = await test.found('x.csv', 'a;b\n');
    for (const name of ['../x.csv', '..', 'a/b.csv', '', 'a\0b']) {
      await expect(test.folders.claim({ ...found, name })).rejects.toThrow('out of its folder');
      await expect(test.folders.claim({ ...found, partner: name })).rejects.toThrow('out of its folder');
    }
    expect(await visible()).toEqual(['x.csv']);
  });

  it('leaves a file alone that is not the one that was proven', async () => {
    const found = await test.found('x.csv', 'a;b\n');
    const next = join(test.root, 'next.csv');
    await writeFile(next, 'half of anoth');
    await rename(next, found.path);
    expect(await test.folders.claim(found)).toBeNull();
    expect(await visible()).toEqual(['x.csv']);
  });
});

describe('claimCopy', () => {
  it('copies a file into the claimed place and leaves it where it is', async () => {
    const path = join(test.root, 'export.csv');
    await writeFile(path, 'a;b\n');
    const file = await test.folders.claimCopy('acme', path);
    expect(file).toMatchObject({ partner: 'acme', name: 'export.csv', sha256: sha256('a;b\n'), bytes: 4 });
    expect(await readFile(file.path, 'utf8')).toBe('a;b\n');
    expect(await readFile(path, 'utf8')).toBe('a;b\n');
    expect(await slots()).toEqual([sha256('a;b\n')]);
  });

  it('keeps every copy of many at once', async () => {
    const path = join(test.root, 'export.csv');
    await writeFile(path, 'a;b\n');
    await Promise.all(Array.from({ length: 5 }, () => test.folders.claimCopy('acme', path)));
    expect(await test.folders.listClaimed()).toHaveLength(5);
  });

  it('refuses what is no file, and leaves nothing behind', async () => {
    await expect(test.folders.claimCopy('acme', test.root)).rejects.toThrow();
    await expect(test.folders.claimCopy('acme', join(test.root, 'none.csv'))).rejects.toThrow('ENOENT');
    expect(await slots()).toEqual([]);
  });
});

describe('listClaimed', () => {
  it('lists what a crash left behind, of every partner, and nothing half', async () => {
    const file = await test.claimed('x.csv', 'a;b\n');
    const norte = join(test.root, 'inbox', 'norte', '.taken');
    await mkdir(join(norte, 'a'.repeat(64)), { recursive: true });
    await writeFile(join(norte, '.leadsync-1.tmp'), 'half');
    await mkdir(join(norte, 'notes'));
    await writeFile(join(norte, 'notes', 'x.csv'), 'not ours');
    expect(await test.others.listClaimed()).toEqual([foundAgain(file)]);
    // The slot of a claimer that died between making it and moving the file.
    expect(await readdir(norte)).toEqual(['.leadsync-1.tmp', 'notes']);
  });

  it('does not take a copy that a crash left half for a file, and takes it away with the slot', async () => {
    const file = await test.claimed('x.csv', 'a;b\n');
    await writeFile(join(dirname(file.path), '.leadsync-1.tmp'), 'a;');
    expect(await test.others.listClaimed()).toEqual([foundAgain(file)]);
    await test.folders.archive(file, '7');
    expect(await slots()).toEqual([]);
  });

  it('is empty before anything was ever claimed', async () => {
    await rename(join(test.root, 'inbox'), join(test.root, 'elsewhere'));
    expect(await test.folders.listClaimed()).toEqual([]);
  });
});
