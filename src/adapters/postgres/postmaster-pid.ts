import { randomUUID } from 'node:crypto';
import { link, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { exists, isRunning } from '../local-server/is-running.ts';

/**
 * What PostgreSQL itself says about its server, in `postmaster.pid`: line 1 pid, 4 port, 8 status. It is the only truth
 * about who runs; we keep no lock of our own.
 */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly isReady: boolean;
}

/** The living server on this data folder, or null. A file left by a dead one is none. */
export async function findPostmaster(directory: string): Promise<Postmaster | null> {
  const text = await read(directory);
  if (text === null) return null;
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!(pid > 0) || !(await isPostmaster(pid, directory))) return null;
  return { pid, port: Number(lines[3]), isReady: lines[7]?.trim() === 'ready' };
}

/**
 * Takes away a file whose pid has been given to some other program since. (PostgreSQL takes it away by itself only when
 * the pid is free, and refuses to start otherwise.) By rename and a second look: between reading and removing, another
 * process may have done the same and started a server, whose file this would be; that one is put back.
 */
export async function discardStaleFile(directory: string): Promise<void> {
  const text = await read(directory);
  if (text === null || !exists(Number(text.split('\n')[0])) || (await findPostmaster(directory)) !== null) return;
  const path = join(directory, 'postmaster.pid');
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
    if ((await readFile(aside, 'utf8')) !== text) await link(aside, path);
    await unlink(aside);
  } catch (error) {
    // Somebody else was faster.
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** The port of the last start, from the options that PostgreSQL keeps; undefined before the first. */
export async function lastPort(directory: string): Promise<number | undefined> {
  const options = await readFile(join(directory, 'postmaster.opts'), 'utf8').catch(() => '');
  const port = /"-p" "(\d+)"/.exec(options)?.[1];
  return port === undefined ? undefined : Number(port);
}

/** Whether that process serves this folder still. Matches how start-server.ts writes the command line. */
export function isPostmaster(pid: number, directory: string): Promise<boolean> {
  return isRunning(pid, `-D ${directory} -p `);
}

async function read(directory: string): Promise<string | null> {
  return readFile(join(directory, 'postmaster.pid'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}
