import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { until } from '../../../src/adapters/local-server/until.ts';
import { joinEmbeddedDatabase, stopEmbeddedDatabase } from '../../../src/adapters/postgres/embedded-database.ts';
import { findPostmaster } from '../../../src/adapters/postgres/postmaster-pid.ts';
import { type ScratchFolder, scratchFolder } from '../../support/scratch-folder.ts';
import { joinInProcess } from './join-in-process.ts';

let folder: ScratchFolder;
let home: string;

beforeAll(async () => {
  folder = await scratchFolder();
  home = folder.path;
});

afterEach(() => stopEmbeddedDatabase(home));
afterAll(() => folder.remove());

test('ensureRunning heals the kill -9 of the server on the same port, and a pool goes on', async () => {
  const database = await joinEmbeddedDatabase({ home });
  const { url } = database;
  const pool = new pg.Pool({ connectionString: database.adminUrl });
  pool.on('error', () => {});
  await pool.query('create table kept as select 7 as n');
  await killServer(database.place);
  expect(await Promise.all([database.ensureRunning(), database.ensureRunning()])).toEqual(['restarted', 'restarted']);
  expect(database.url).toBe(url);
  expect((await pool.query('select n from kept')).rows).toEqual([{ n: 7 }]);
  expect(await database.ensureRunning()).toBe('running');
  await pool.end();
  await database.leave();
  expect(await stopEmbeddedDatabase(home)).toBe('not_running');
});

test('processes that find the server killed at the same time end on one', async () => {
  const others = await Promise.all([joinInProcess(home), joinInProcess(home)]);
  const [first] = others;
  await killServer(first!.place);
  const again = await Promise.all([joinInProcess(home), joinInProcess(home), joinEmbeddedDatabase({ home })]);
  expect(new Set(again.map(({ url }) => url))).toEqual(new Set([first!.url]));
  await Promise.all([...others, ...again].map((one) => one.leave()));
});

test('a postmaster.pid whose pid has gone to another program is healed', async () => {
  const database = await joinEmbeddedDatabase({ home });
  await database.leave();
  const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1_000)'], { stdio: 'ignore' });
  await once(stranger, 'spawn');
  const port = new URL(database.url).port;
  const lines = [stranger.pid, database.place, 1_700_000_000, port, '', '127.0.0.1', ' 1 1', 'ready   '];
  await writeFile(join(database.place, 'postmaster.pid'), `${lines.join('\n')}\n`, { mode: 0o600 });
  const again = await joinEmbeddedDatabase({ home });
  expect(again.url).toBe(database.url);
  await again.leave();
  await end(stranger);
});

test('a port that a stranger has taken is left to it', async () => {
  const database = await joinEmbeddedDatabase({ home });
  await database.leave();
  const stranger = createServer().listen(Number(new URL(database.url).port), '127.0.0.1');
  await once(stranger, 'listening');
  const again = await joinEmbeddedDatabase({ home });
  expect(Number(new URL(again.url).port)).not.toBe((stranger.address() as AddressInfo).port);
  expect(await again.ensureRunning()).toBe('running');
  await again.leave();
  stranger.close();
});

test('a home that cannot be written is one line with the way out', async () => {
  await writeFile(join(home, 'file'), '');
  const fault = joinEmbeddedDatabase({ home: join(home, 'file', 'home') });
  await expect(fault).rejects.toThrow(/^Embedded PostgreSQL: .*\(ENOTDIR \S+\).* set DATABASE_URL=\S+$/);
});

// The last one: nobody can join this home any more.
test('a lost password is one line with the way out', async () => {
  const database = await joinEmbeddedDatabase({ home });
  await writeFile(join(home, 'pg.password'), 'another');
  const fault = joinEmbeddedDatabase({ home });
  await expect(fault).rejects.toMatchObject({ name: 'ConfigFault', code: 'CONFIG_DATABASE_UNREACHABLE' });
  await expect(fault).rejects.toThrow(/^Embedded PostgreSQL: pg\.password .* set DATABASE_URL=\S+$/);
  await database.leave();
});

async function killServer(directory: string): Promise<void> {
  const postmaster = await findPostmaster(directory);
  process.kill(postmaster!.pid, 'SIGKILL');
  expect(await until(async () => (await findPostmaster(directory)) === null, 5_000)).toBe(true);
}

async function end(child: ChildProcess): Promise<void> {
  child.kill();
  await once(child, 'exit');
}
