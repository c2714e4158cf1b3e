import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { foldersUnderTest, type FoldersUnderTest } from './folders-under-test.ts';

// What happens right before a call of the file system, once.
const before = vi.hoisted((): Record<'link' | 'rename', (() => Promise<void>) | null> => ({
  link: null,
  rename: null,
}));
vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof import('node:fs/promises')>();
  const after = <A extends unknown[], R>(name: 'link' | 'rename', call: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      const first = before[name];
      before[name] = null;
      await first?.();
      return call(...args);
    };
  };
  return { ...fs, link: after('link', fs.link), rename: after('rename', fs.rename) };
});

let test: FoldersUnderTest;
const slots = async () => (await readdir(join(test.inbox, '.taken'))).filter((name) => name !== '.late');
beforeEach(async () => {
  test = await foldersUnderTest();
  await mkdir(join(test.root, 'sftp'));
});
afterEach(() => test.remove());

async function replaceBy(text: string): Promise<void> {
  const next = join(test.root, 'sftp', 'x.csv');
  await writeFile(next, text);
  await rename(next, join(test.inbox, 'x.csv'));
}

const visible = async () => (await readdir(test.inbox)).filter((name) => !name.startsWith('.')).toSorted();
const textOf = (name: string) => readFile(join(test.inbox, name), 'utf8');

describe('a file that takes the name of the one that was hashed, right before its claim', () => {
  it('is put back: nobody has seen that it arrived whole', async () => {
    const found = await test.found('x.csv', 'old');
    before.rename = () => replaceBy('new');
    expect(await test.folders.claim(found)).toBeNull();
    expect(await visible()).toEqual(['x.csv']);
    expect(await textOf('x.csv')).toBe('new');
    expect(await test.folders.listClaimed()).toEqual([]);
    expect(await slots()).toEqual([]);
  });

  it('is put beside a third one that has the name by then', async () => {
    const found = await test.found('x.csv', 'old');
    before.rename = () => replaceBy('new');
    before.link = () => writeFile(found.path, 'newest');
    expect(await test.folders.claim(found)).toBeNull();
    expect(await visible()).toEqual(['2-x.csv', 'x.csv']);
    expect([await textOf('2-x.csv'), await textOf('x.csv')]).toEqual(['new', 'newest']);
  });

  it('is not lost where there are no hard links either', async () => {
    const found = await test.found('x.csv', 'old');
    before.rename = () => replaceBy('new');
    before.link = () => Promise.reject(Object.assign(new Error(), { code: 'EPERM' }));
    expect(await test.folders.claim(found)).toBeNull();
    expect(await textOf('x.csv')).toBe('new');
  });
});

describe('a slot that is taken away as empty', () => {
  it('costs the claimer its turn and nobody a file', async () => {
    const found = await test.found('x.csv', 'old');
    before.rename = async () => void (await test.others.listClaimed());
    expect(await test.folders.claim(found)).toBeNull();
    expect(await test.folders.claim(found)).toMatchObject({ name: 'x.csv' });
  });
});

describe('publishing where there are no hard links', () => {
  it('keeps the older file as a copy', async () => {
    await test.folders.publish('acme', 'x.csv', ['one']);
    before.link = () => Promise.reject(Object.assign(new Error(), { code: 'EPERM' }));
    await test.folders.publish('acme', 'x.csv', ['two'], { keepOlderAs: 'x.v1.csv' });
    const outbox = join(test.root, 'outbox', 'acme');
    expect(await readdir(outbox)).toEqual(['x.csv', 'x.v1.csv']);
    expect(await readFile(join(outbox, 'x.v1.csv'), 'utf8')).toBe('one');
  });
});
