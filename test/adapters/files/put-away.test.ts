import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { foldersUnderTest, type FoldersUnderTest } from './folders-under-test.ts';

// A second file system is not to be had everywhere: rename is told to see one.
const otherFileSystem = vi.hoisted(() => ({ from: '', to: '' }));
vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof import('node:fs/promises')>();
  return {
    ...fs,
    rename: async (from: string, to: string) => {
      const { from: one, to: other } = otherFileSystem;
      if (other !== '' && from.includes(one) && to.includes(other)) throw Object.assign(new Error(), { code: 'EXDEV' });
      return fs.rename(from, to);
    },
  };
});

let test: FoldersUnderTest;
const slots = async () => (await readdir(join(test.inbox, '.taken'))).filter((name) => name !== '.late');
beforeEach(async () => {
  test = await foldersUnderTest();
});
afterEach(async () => {
  Object.assign(otherFileSystem, { from: '', to: '' });
  await test.remove();
});

const fileId = '0192aaaa-0000-7000-8000-000000000001';

describe('archive', () => {
  it('seals a file under its id alone, and leaves no plain one', async () => {
    const file = await test.claimed('12345678Z Ana.csv', 'a;b\n');
    expect(await test.folders.isArchived('acme', fileId)).toBe(false);
    const path = await test.folders.archive(file, fileId);
    expect(path).toBe(join(test.root, 'archive', 'acme', `${fileId}.csv.sealed`));
    expect(await test.textOf(path)).toBe('a;b\n');
    expect((await readFile(path)).includes('a;b')).toBe(false);
    expect(await readdir(dirname(path))).toEqual([`${fileId}.csv.sealed`]);
    expect(await test.folders.archivedAt('acme', fileId)).toBe(path);
    expect(await slots()).toEqual([]);
    expect(await test.folders.isArchived('acme', fileId)).toBe(true);
  });

  it('may be repeated', async () => {
    const file = await test.claimed('x.csv', 'a;b\n');
    const path = await test.folders.archive(file, fileId);
    expect(await test.folders.archive(file, fileId)).toBe(path);
  });

  it('goes on after a crash between the sealed copy and the end of the plain one', async () => {
    const file = await test.claimed('x.csv', 'a;b\n');
    const path = await test.folders.archive(file, fileId);
    await mkdir(join(test.inbox, '.taken', `${file.sha256}.archived-${fileId}`));
    await writeFile(join(test.inbox, '.taken', `${file.sha256}.archived-${fileId}`, 'x.csv'), 'a;b\n');
    expect(await test.others.listClaimed()).toEqual([]);
    const [half] = await test.others.listHalfPutAway();
    expect(half).toMatchObject({ to: 'archived', fileId, file: { sha256: file.sha256 } });
    expect(await test.others.archive(half?.file ?? file, fileId)).toBe(path);
    expect(await slots()).toEqual([]);
    expect(await test.textOf(path)).toBe('a;b\n');
  });

  it('counts as done once it was begun: the same bytes are then another file', async () => {
    const file = await test.claimed('x.csv', 'a;b\n');
    await mkdir(join(test.root, 'archive', 'acme', `${fileId}.csv.sealed`));
    await expect(test.folders.archive(file, fileId)).rejects.toThrow();
    expect(await test.others.isArchived('acme', fileId)).toBe(true);
    expect(await test.others.listClaimed()).toEqual([]);
    expect(await slots()).toEqual([`${file.sha256}.archived-${fileId}`]);
  });

  it('leaves what another process has put there first', async () => {
    const file = await test.claimed('x.csv', 'a;b\n');
    const [one, other] = await Promise.all([
      test.folders.archive(file, fileId),
      test.others.archive(file, fileId).catch((error: Error) => error.message),
    ]);
    expect([one, expect.stringContaining('ENOENT')]).toContainEqual(other);
    expect(await test.textOf(one)).toBe('a;b\n');
    expect(await readdir(dirname(one))).toEqual([`${fileId}.csv.sealed`]);
  });

  it('reads and tells those that were kept plain before', async () => {
    const path = join(test.root, 'archive', 'acme', '5.csv');
    await writeFile(path, 'a;b\n');
    expect(await test.folders.archivedAt('acme', '5')).toBe(path);
    expect(await test.textOf(path)).toBe('a;b\n');
  });

  it('fails aloud when the file is nowhere', async () => {
    const file = await test.claimed('x.csv', 'a;b\n');
    await test.folders.archive(file, fileId);
    await expect(test.folders.archive(file, 'another-id')).rejects.toThrow('ENOENT');
  });
});

describe('reject', () => {
  it('moves the file beside its reason', async () => {
    const file = await test.claimed('leads.enero.csv', 'a;b\n');
    const path = await test.folders.reject(file, fileId, 'El fichero está vacío.');
    const plain = join(test.root, 'rejected', 'acme', `leads.enero.${fileId}.csv`);
    expect(path).toBe(`${plain}.sealed`);
    expect(await readFile(`${plain}.reason.txt`, 'utf8')).toBe('El fichero está vacío.\n');
    expect(await test.textOf(path)).toBe('a;b\n');
    expect(await test.folders.rejectedAt({ partner: 'acme', name: 'leads.enero.csv' }, fileId)).toBe(path);
    expect(await test.folders.reject(file, fileId, 'El fichero está vacío.')).toBe(path);
    expect(await readdir(dirname(path))).toHaveLength(2);
  });

  it('shortens a name that is too long with ours in it, the same way for both', async () => {
    const file = await test.claimed(`${'ñ'.repeat(120)}.csv`, 'a;b\n');
    const path = await test.folders.reject(file, fileId, 'No.');
    expect(path.endsWith(`.${fileId}.csv.sealed`)).toBe(true);
    expect((await stat(path.replace(/\.sealed$/, '.reason.txt'))).size).toBeGreaterThan(0);
  });

  it.each(['the same file system', 'another file system'])('takes a file out of the archive, to %s', async (where) => {
    if (where === 'another file system') Object.assign(otherFileSystem, { from: '/archive/', to: '/rejected/' });
    const file = await test.claimed('x.csv', 'a;b\n');
    const archived = await test.folders.archive(file, fileId);
    const path = await test.folders.reject({ ...file, path: archived }, fileId, 'No.');
    expect(await test.textOf(path)).toBe('a;b\n');
    expect(await test.folders.isArchived('acme', fileId)).toBe(false);
  });

  it('works for a name without an ending, of a partner without folders', async () => {
    const norte = join(test.root, 'inbox', 'norte');
    await mkdir(norte);
    await writeFile(join(norte, 'leads'), 'a;b\n');
    const file = await test.folders.claim(await test.foundAt('norte', join(norte, 'leads')));
    if (file === null) throw new Error('not claimed');
    expect(await test.folders.reject(file, fileId, 'No.')).toBe(
      join(test.root, 'rejected', 'norte', `leads.${fileId}.sealed`),
    );
  });
});

describe('prepare', () => {
  it('may be repeated, and takes away what a crash left a day ago', async () => {
    const outbox = join(test.root, 'outbox', 'acme');
    await writeFile(join(outbox, '.leadsync-old.tmp'), 'half');
    await writeFile(join(outbox, '.leadsync-new.tmp'), 'half');
    await utimes(join(outbox, '.leadsync-old.tmp'), 1, 1);
    await test.folders.prepare(['acme', 'norte']);
    expect(await readdir(outbox)).toEqual(['.leadsync-new.tmp']);
    expect((await readdir(join(test.root, 'inbox'))).toSorted()).toEqual(['acme', 'norte']);
  });

  it('makes no folder outside', async () => {
    await expect(test.folders.prepare(['../acme'])).rejects.toThrow('out of its folder');
  });
});
