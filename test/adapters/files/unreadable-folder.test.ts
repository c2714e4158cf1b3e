import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ageMs, foldersUnderTest, type FoldersUnderTest } from './folders-under-test.ts';

// A disk that fails is not to be had everywhere: reading one folder is told to.
const broken = vi.hoisted(() => ({ folder: '', code: '' }));
vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof import('node:fs/promises')>();
  return {
    ...fs,
    readdir: async (folder: string, ...rest: []) => {
      if (folder === broken.folder) throw Object.assign(new Error(), { code: broken.code });
      return fs.readdir(folder, ...rest);
    },
  };
});

let test: FoldersUnderTest;
beforeEach(async () => {
  test = await foldersUnderTest();
  await mkdir(join(test.root, 'inbox', 'norte'));
  await writeFile(join(test.root, 'inbox', 'norte', 'y.csv'), 'a;b\n');
  await test.drop('x.csv', 'a;b\n');
});
afterEach(async () => {
  broken.folder = '';
  await test.remove();
});

it.each(['EACCES', 'EIO', 'ESTALE'])('a folder that fails with %s is told and stops no other', async (code) => {
  Object.assign(broken, { folder: join(test.root, 'inbox', 'norte'), code });
  await test.look();
  test.pass(ageMs);
  const { ready, folders } = await test.scan();
  expect(ready.map(({ name }) => name)).toEqual(['x.csv']);
  expect(folders).toMatchObject([{ partner: 'norte', trouble: code }]);
  expect(await test.folders.listClaimed()).toEqual([]);

  broken.folder = '';
  expect(await test.look()).toEqual(['x.csv']);
  test.pass(ageMs);
  expect((await test.look()).toSorted()).toEqual(['x.csv', 'y.csv']);
});

it('an inbox that is gone is told, and looked at again', async () => {
  Object.assign(broken, { folder: join(test.root, 'inbox'), code: 'ENOENT' });
  expect((await test.scan()).folders).toMatchObject([{ partner: '_inbox', trouble: 'ENOENT' }]);
  broken.folder = '';
  await test.look();
  test.pass(ageMs);
  expect((await test.look()).toSorted()).toEqual(['x.csv', 'y.csv']);
});
