import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { foldersUnderTest, type FoldersUnderTest } from './folders-under-test.ts';

let test: FoldersUnderTest;
beforeEach(async () => {
  test = await foldersUnderTest();
});
afterEach(() => test.remove());

it('200 files at once are taken once each by two processes that race for them', async () => {
  const contents = new Map(Array.from({ length: 200 }, (_, n) => [`leads-${n}.csv`, `a;b\n${n};x\n`] as const));
  await Promise.all([...contents].map(([name, content]) => test.drop(name, content)));
  const claimers = [1, 2].map(() =>
    spawn(process.execPath, [fileURLToPath(new URL('claimer.ts', import.meta.url)), test.root], {
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  );
  await Promise.all(claimers.map((claimer) => once(claimer.stdout, 'readable')));
  for (const claimer of claimers) claimer.stdin.end();
  const outputs = await Promise.all(
    claimers.map(async (claimer) => {
      const [output] = await Promise.all([text(claimer.stdout), once(claimer, 'close')]);
      return output.split('\n').filter((line) => line.includes(' '));
    }),
  );
  const expected = [...contents].map(
    ([name, content]) => `${name} ${createHash('sha256').update(content).digest('hex')}`,
  );
  expect(outputs.flat().toSorted()).toEqual(expected.toSorted());
  expect(await test.folders.listClaimed()).toHaveLength(200);
  expect((await readdir(test.inbox)).filter((name) => !name.startsWith('.'))).toEqual([]);
});
