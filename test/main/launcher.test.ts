import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ScratchFolder, scratchFolder } from '../support/scratch-folder.ts';

const LAUNCHER = fileURLToPath(new URL('../../src/main/leadsync.js', import.meta.url));
const OLD = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } });`;
const ELSEWHERE = `Object.defineProperty(process, 'platform', { value: 'plan9' });`;

let folder: ScratchFolder;
let launcher: string;

// The launcher beside a command that tells what it was started as; the pinned runtime is found in the checkout above.
beforeAll(async () => {
  folder = await scratchFolder();
  launcher = join(folder.path, 'src/main/leadsync.js');
  await mkdir(dirname(launcher), { recursive: true });
  await writeFile(join(folder.path, 'package.json'), '{ "type": "module" }');
  await copyFile(LAUNCHER, launcher);
  await writeFile(
    join(dirname(launcher), 'cli.ts'),
    `const [what, ...more]: string[] = process.argv.slice(2);
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      if (more.includes(signal)) process.once(signal, () => process.exit(42));
    }
    if (what === 'wait') setInterval(() => {}, 1_000);
    else process.exitCode = Number(what);
    console.log(JSON.stringify({ more, node: Number(process.versions.node.split('.')[0]) }));`,
  );
});

afterAll(() => folder.remove());

test('a Node that is new enough runs the command itself', async () => {
  expect(await launch('', ['3', 'a b', '--flag'])).toMatchObject({ code: 3, said: { more: ['a b', '--flag'] } });
});

test('an old Node hands arguments to the pinned runtime, and back comes its exit code', async () => {
  const { code, said } = await launch(OLD, ['7', 'a b', '--flag']);
  expect({ code, more: said.more }).toEqual({ code: 7, more: ['a b', '--flag'] });
  expect(said.node).toBeGreaterThanOrEqual(24);
});

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  'an old Node passes %s on and waits for the drain',
  async (signal) => {
    expect(await launch(OLD, ['wait', signal], signal)).toMatchObject({ code: 42, signal: null });
  },
);

test('a command that dies of a signal is seen to die of it', async () => {
  expect(await launch(OLD, ['wait'], 'SIGTERM')).toMatchObject({ code: null, signal: 'SIGTERM' });
});

test('without any runtime one sentence says what is needed, with exit 2', async () => {
  const { code, stderr } = await launch(OLD + ELSEWHERE, ['0']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^leadsync needs Node 24\.12 or newer; this is 20\.20\.2, .*npm ci.*\.\n$/);
});

test('npx runs it through a link', async () => {
  const link = join(folder.path, 'link-in-bin');
  await symlink(launcher, link);
  expect(await launch(OLD, ['5'], undefined, link)).toMatchObject({ code: 5 });
});

test('it may be executed, or npx says "Permission denied"', async () => {
  expect((await stat(LAUNCHER)).mode & 0o111).toBe(0o111);
});

/** Runs the launcher in a Node that has been made to look like another; a signal is sent once the command speaks. */
async function launch(disguise: string, args: string[], signal?: NodeJS.Signals, path = launcher) {
  const mask = `data:text/javascript,${encodeURIComponent(disguise)}`;
  const child = spawn(process.execPath, ['--import', mask, path, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  if (signal) child.stdout.once('data', () => child.kill(signal));
  const [stdout, stderr, [code, killedBy]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  const said = JSON.parse(stdout || '{}') as { more?: string[]; node?: number };
  return { code, signal: killedBy, said, stderr };
}
