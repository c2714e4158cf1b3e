import { expect, it } from 'vitest';
import type { Output } from '../../src/cli/cli.ts';
import { createProgress } from '../../src/cli/progress.ts';

function progressOn(isTerminal: boolean) {
  const notes: string[] = [];
  const out = { isTerminal, note: (text: string) => void notes.push(text) } as Partial<Output> as Output;
  return { notes, progress: createProgress(out, 'file 3') };
}

it('is a plain line for each tenth where there is no terminal, so that a log stays readable', () => {
  const { notes, progress } = progressOn(false);
  for (let done = 0; done <= 1_000; done += 1) progress.show(done, 1_000);
  progress.stop();
  expect(notes).toHaveLength(11);
  expect([notes[0], notes[5], notes[10]]).toEqual([
    'file 3: 0 of 1000 rows',
    'file 3: 500 of 1000 rows',
    'file 3: 1000 of 1000 rows',
  ]);
});

it('is a bar on a terminal, and no line of it stays', () => {
  const { notes, progress } = progressOn(true);
  progress.show(1, 10);
  progress.show(10, 10);
  progress.stop();
  expect(notes).toEqual([]);
});
