import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { foldersUnderTest, foundAgain, type FoldersUnderTest } from './folders-under-test.ts';

let test: FoldersUnderTest;
beforeEach(async () => {
  test = await foldersUnderTest();
});
afterEach(() => test.remove());

const slots = async () => (await readdir(join(test.inbox, '.taken'))).filter((name) => name !== '.late');

it('a rejection that could not be ended is listed as such, and ends when it is repeated', async () => {
  const file = await test.claimed('x.csv', 'a;b\n');
  // A file where the folder should be: nothing can be put into it.
  await rename(join(test.root, 'rejected', 'acme'), join(test.root, 'rejected-acme'));
  await writeFile(join(test.root, 'rejected', 'acme'), 'in the way');
  await expect(test.folders.reject(file, '7', 'No.')).rejects.toThrow();
  expect(await test.others.listClaimed()).toEqual([]);
  const [half] = await test.others.listHalfPutAway();
  expect(half).toMatchObject({ to: 'rejected', fileId: '7', file: { name: 'x.csv', sha256: file.sha256 } });
  if (half === undefined) throw new Error('not listed');

  await rename(join(test.root, 'rejected', 'acme'), join(test.root, 'in-the-way'));
  const path = await test.others.reject(half.file, half.fileId, 'No.');
  expect(await test.textOf(path)).toBe('a;b\n');
  expect(await test.others.listHalfPutAway()).toEqual([]);
  expect(await slots()).toEqual([]);
});

it('the same bytes may be claimed while they are half rejected, and keep a slot of their own', async () => {
  const first = await test.claimed('x.csv', 'a;b\n');
  await writeFile(join(test.root, 'rejected', 'acme', 'x.7.csv.reason.txt'), '');
  await mkdir(join(test.root, 'rejected', 'acme', 'x.7.csv.sealed'));
  await expect(test.folders.reject(first, '7', 'No.')).rejects.toThrow();
  const second = await test.claimed('x.csv', 'a;b\n');
  expect(await test.folders.copiesBefore(second)).toBe(0);
  expect(await test.folders.listClaimed()).toEqual([foundAgain(second)]);
  expect(await slots()).toHaveLength(2);
});

it('several copies of the same bytes are told apart by how many came before', async () => {
  const copies = [
    await test.claimed('x.csv', 'a\n'),
    await test.claimed('x.csv', 'a\n'),
    await test.claimed('y.csv', 'a\n'),
  ];
  expect(await Promise.all(copies.map((copy) => test.folders.copiesBefore(copy)))).toEqual([0, 1, 2]);
});
