import { chmod, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { isRunning } from '../../../src/adapters/local-server/is-running.ts';
import { joinEmbeddedDatabase, stopEmbeddedDatabase } from '../../../src/adapters/postgres/embedded-database.ts';
import { findPostmaster } from '../../../src/adapters/postgres/postmaster-pid.ts';
import { type ScratchFolder, scratchFolder } from '../../support/scratch-folder.ts';
import { joinInProcess } from './join-in-process.ts';

let folder: ScratchFolder;
let home: string;

beforeAll(async () => {
  folder = await scratchFolder();
  home = join(folder.path, 'home');
});

afterEach(() => stopEmbeddedDatabase(home));
afterAll(() => folder.remove());

// The first test finds the home empty, the others find its server stopped.
test('six processes that race on an empty home end on one server', async () => {
  const joined = await Promise.all(Array.from({ length: 6 }, () => joinInProcess(home)));
  expect(new Set(joined.map(({ url }) => url)).size).toBe(1);
  expect(await readdir(home)).toEqual(['pg', 'pg.log', 'pg.password']);
  await Promise.all(joined.map(({ leave }) => leave()));
  expect(await stopEmbeddedDatabase(home)).toBe('not_running');
});

test('the server outlives the kill -9 of its starter and is joined by the next', async () => {
  const starter = await joinInProcess(home);
  const before = await findPostmaster(starter.place);
  await starter.kill('SIGKILL');
  const database = await joinEmbeddedDatabase({ home });
  expect(await findPostmaster(database.place)).toEqual(before);
  expect(database.url).toBe(starter.url);
  await database.leave();
});

test("Ctrl-C in its starter's terminal is not for the server", async () => {
  const starter = await joinInProcess(home);
  await starter.kill('SIGINT');
  expect(await findPostmaster(starter.place)).toMatchObject({ isReady: true });
});

test('the last one out stops the server, and none of its processes is left', async () => {
  const first = await joinEmbeddedDatabase({ home });
  const last = await joinEmbeddedDatabase({ home });
  const pids = await processesOf(last.url);
  await first.leave();
  expect(await last.ensureRunning()).toBe('running');
  await last.leave();
  await last.leave();
  expect(pids.length).toBeGreaterThan(4);
  expect(await Promise.all(pids.map((pid) => isRunning(pid, 'postgres')))).not.toContain(true);
  await expect(last.ensureRunning()).rejects.toThrow('after leave()');
});

test('a client that is none of ours keeps the server running until it is stopped', async () => {
  const database = await joinEmbeddedDatabase({ home });
  const client = new pg.Client(database.url);
  client.on('error', () => {});
  await client.connect();
  await database.leave();
  expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  expect(await stopEmbeddedDatabase(home)).toBe('stopped');
  expect(await stopEmbeddedDatabase(home)).toBe('not_running');
});

test('a working directory that has vanished does not matter', async () => {
  const cwd = join(folder.path, 'gone');
  await mkdir(cwd);
  const joined = await joinInProcess(home, cwd);
  await expect(stat(cwd)).rejects.toThrow('ENOENT');
  await joined.leave();
});

test('password and data are closed to others, in a home that is closed as well', async () => {
  await chmod(home, 0o700);
  const database = await joinEmbeddedDatabase({ home });
  const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
  expect(await modeOf(join(home, 'pg.password'))).toBe('600');
  expect(await modeOf(database.place)).toBe('700');
  await database.leave();
});

test('another database is created once, however many ask for it at once', async () => {
  const database = await joinEmbeddedDatabase({ home });
  const names = Array.from({ length: 4 }, () => 'Sand "box"');
  const urls = await Promise.all(names.map((name) => database.urlOf(name)));
  const client = new pg.Client(urls[0]);
  await client.connect();
  const shown = await client.query('select current_database() as name, current_setting($1) as checksums', [
    'data_checksums',
  ]);
  expect(shown.rows).toEqual([{ name: 'Sand "box"', checksums: 'on' }]);
  await client.end();
  await database.leave();
});

async function processesOf(url: string): Promise<number[]> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('select pid from pg_stat_activity');
  await client.end();
  return rows.map(({ pid }) => pid);
}
