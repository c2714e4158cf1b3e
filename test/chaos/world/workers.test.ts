import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { scratchFolder, type ScratchFolder } from '../../support/scratch-folder.ts';
import { startWorkers, type Worker } from './workers.ts';

let scratch: ScratchFolder;
let worker: Worker | undefined;
beforeEach(async () => {
  scratch = await scratchFolder();
});
afterEach(async () => {
  await worker?.stop(0);
  await scratch.remove();
});

const lives = 'setInterval(() => undefined, 1_000);';

it('says how a process ended that was told to stop', async () => {
  await start(`process.once('SIGTERM', () => process.exit(3)); ${lives}`);
  expect(await worker?.stop(10_000)).toBe(3);
});

it('tells one that had to be killed from one that ended well', async () => {
  await start(`process.on('SIGTERM', () => undefined); ${lives}`);
  expect(await worker?.stop(200)).toBeNull();
});

it('blames one that dies of the signal when it should have caught it', async () => {
  await start(lives);
  expect(await worker?.stop(10_000)).toBeNull();
});

it('blames nobody where a process is away after a kill, and does not start it again', async () => {
  await start(lives);
  await worker?.kill(60_000);
  expect(await worker?.stop(10_000)).toBe(0);
});

it('blames no process that is told to stop while it is being loaded', async () => {
  await start(lives, { isLoading: true });
  expect(await worker?.stop(10_000)).toBe(0);
});

async function start(program: string, { isLoading = false } = {}): Promise<void> {
  const script = join(scratch.path, 'program.ts');
  const ready = join(scratch.path, 'ready');
  const speak = isLoading ? '' : `console.log('at work');`;
  await writeFile(
    script,
    `import { writeFileSync } from 'node:fs'; ${program} ${speak} writeFileSync(${JSON.stringify(ready)}, 'yes');`,
  );
  [worker] = startWorkers({
    folder: scratch.path,
    script,
    args: [],
    envOf: () => ({}),
    ailments: ['none'],
    onExit: () => undefined,
  });
  await eventually('the process is ready', async () => existsSync(ready));
}
