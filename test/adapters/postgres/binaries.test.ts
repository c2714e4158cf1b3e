import { mkdir, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { completeLinks } from '../../../src/adapters/postgres/binaries.ts';
import { type ScratchFolder, scratchFolder } from '../../support/scratch-folder.ts';

let folder: ScratchFolder;

beforeEach(async () => {
  folder = await scratchFolder();
  await mkdir(join(folder.path, 'native'));
  const links = ['libpq.so', 'libpq.so.5'].map((name) => ({
    source: 'native/lib/libpq.so.5.18',
    target: `native/lib/${name}`,
  }));
  await writeFile(join(folder.path, 'native/pg-symlinks.json'), JSON.stringify(links));
});

afterEach(() => folder.remove());

test('the links that npm leaves out are made, by any number of processes at once', async () => {
  await mkdir(join(folder.path, 'native/lib'));
  await writeFile(join(folder.path, 'native/lib/libpq.so.5.18'), '');
  await Promise.all(Array.from({ length: 8 }, () => completeLinks(folder.path)));
  await completeLinks(folder.path);
  expect(await readlink(join(folder.path, 'native/lib/libpq.so.5'))).toBe('libpq.so.5.18');
});

test('links that cannot be made are one line with the way out', async () => {
  // A folder that is missing stands for one that is read-only: root may write to every folder.
  await expect(completeLinks(folder.path)).rejects.toThrow(
    /^Embedded PostgreSQL: \S+libpq\.so is missing and can't be made, .*\(ENOENT \S+\)\. Way out: set DATABASE_URL=/,
  );
});
