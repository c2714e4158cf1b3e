import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Command, plainEnvironment } from '../local-server/start-detached.ts';
import type { Binaries } from './binaries.ts';

const NOBODY = 65_534;
const AWAY = '/var/lib/leadsync';
const run = promisify(execFile);

/** Who runs PostgreSQL, from which binaries, and in which folder the data lies. */
export interface RunAs {
  readonly place: string;
  readonly native: string;
  /** The user that must own the data folder, where it is not whoever we are. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  command(program: 'initdb' | 'postgres', args: readonly string[]): Command;
}

/**
 * PostgreSQL refuses to run as root. An ordinary user runs it as is. Root runs it
 * - in a user namespace where it is called nobody: outside it still is root, so no folder need be passable and nothing
 *   is added to the machine; or, where namespaces are refused (Docker's default) or `home` is closed even so,
 * - as nobody, with binaries and data under /var/lib/leadsync; or
 * - as the user whose data is found in `home`.
 * What was chosen once stays chosen, by where the data is found.
 */
export async function chooseRunAs(home: string, binaries: Binaries): Promise<RunAs> {
  if (process.geteuid?.() !== 0) return ourselves(home, binaries.native);
  const found = await ownerOf(join(home, 'pg'));
  if (found?.uid === 0) return inNamespace(home, binaries.native);
  if (found) return asUser(home, binaries.native, found);
  const away = awayFrom(home);
  const isAway = (await ownerOf(join(away, 'pg'))) !== null;
  if (!isAway && (await namespacesWork(home, binaries.native))) return inNamespace(home, binaries.native);
  return asUser(away, await copyBinaries(away, binaries), { uid: NOBODY, gid: NOBODY });
}

/** The data folders that a home may have; only one of them exists. */
export function placesOf(home: string): readonly string[] {
  return [join(home, 'pg'), join(awayFrom(home), 'pg')];
}

function awayFrom(home: string): string {
  return join(AWAY, createHash('sha256').update(home).digest('hex').slice(0, 16));
}

function ourselves(place: string, native: string): RunAs {
  return { place, native, command: (program, args) => ({ file: join(native, 'bin', program), args }) };
}

function inNamespace(place: string, native: string): RunAs {
  return {
    place,
    native,
    command: (program, args) => ({ file: 'unshare', args: [...UNSHARE, join(native, 'bin', program), ...args] }),
  };
}

function asUser(place: string, native: string, owner: { uid: number; gid: number }): RunAs {
  return { place, native, owner, command: (program, args) => ({ file: join(native, 'bin', program), args, ...owner }) };
}

const UNSHARE = ['--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--'];

async function ownerOf(path: string): Promise<{ uid: number; gid: number } | null> {
  return stat(path).then(
    ({ uid, gid }) => ({ uid, gid }),
    () => null,
  );
}

/** In a namespace root loses its right to pass closed doors of others, so `home` is tried too. */
async function namespacesWork(home: string, native: string): Promise<boolean> {
  const probe = ['/bin/sh', '-c', 'test -w "$1" && exec "$2" --version', 'sh', home, join(native, 'bin', 'initdb')];
  return run('unshare', [...UNSHARE, ...probe], { cwd: '/', env: plainEnvironment }).then(
    () => true,
    () => false,
  );
}

/** Copies under a private name and renames, so that a half copy is never run and racing processes share the first. */
async function copyBinaries(place: string, { native, version }: Binaries): Promise<string> {
  const copy = join(place, `native-${version}`);
  if ((await ownerOf(copy)) !== null) return copy;
  const own = `${copy}.${process.pid}`;
  await mkdir(place, { recursive: true });
  // Passable whatever our umask is: nobody has to reach its binaries.
  await chmod(AWAY, 0o755);
  await chmod(place, 0o755);
  await cp(native, own, { recursive: true, verbatimSymlinks: true });
  await rename(own, copy).catch(async (error: NodeJS.ErrnoException) => {
    await rm(own, { recursive: true, force: true });
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
  return copy;
}
