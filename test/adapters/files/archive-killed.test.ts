import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { foldersUnderTest, type FoldersUnderTest } from './folders-under-test.ts';

let test: FoldersUnderTest;
beforeEach(async () => {
  test = await foldersUnderTest();
});
afterEach(() => test.remove());

const kills = 8;
const textOf = (n: number): string => `a;b\n${`${n};x\n`.repeat(40_000)}`;

it('a kill at any moment loses no file, keeps none twice and leaves no plain copy behind', async () => {
  const numbers = Array.from({ length: 4 * kills }, (_, n) => n + 1);
  for (const n of numbers) await test.claimed(`leads-${n}.csv`, textOf(n));
  let half = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const archiver = spawn(process.execPath, [fileURLToPath(new URL('archiver.ts', import.meta.url)), test.root], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let lines = 0;
    createInterface(archiver.stdout).on('line', () => {
      lines += 1;
      // Somewhere in what it does next.
      if (lines === 2) setTimeout(() => archiver.kill('SIGKILL'), kill);
    });
    await once(archiver, 'close');
    half += (await test.others.listHalfPutAway()).length;
  }
  for (const { file, fileId } of await test.others.listHalfPutAway()) await test.others.archive(file, fileId);
  for (const file of await test.others.listClaimed()) await test.others.archive(file, file.name.replace(/\D/g, ''));

  const folder = join(test.root, 'archive', 'acme');
  for (const name of await readdir(folder)) {
    // What was cut off is half a file that is sealed already, and gone a day later.
    if (name.startsWith('.leadsync-')) await utimes(join(folder, name), 1, 1);
  }
  await test.others.prepare(['acme']);
  expect((await readdir(folder)).toSorted()).toEqual(numbers.map((n) => `${n}.csv.sealed`).toSorted());
  for (const n of numbers) expect(await test.textOf(join(folder, `${n}.csv.sealed`))).toBe(textOf(n));
  expect((await readdir(join(test.inbox, '.taken'))).filter((name) => name !== '.late')).toEqual([]);
  expect(half, 'kills that met a file between its two places').toBeGreaterThan(0);
});
