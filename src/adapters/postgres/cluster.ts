import { execFile } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { chmod, chown, mkdir, readdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { exists } from '../local-server/is-running.ts';
import { readOrCreateSecret } from '../local-server/shared-secret.ts';
import { plainEnvironment } from '../local-server/start-detached.ts';
import { findBinaries } from './binaries.ts';
import { databaseFault } from './database-fault.ts';
import { chooseRunAs, type RunAs } from './run-as.ts';

const run = promisify(execFile);

/** A data folder that exists and is initialised, with all it takes to start a server on it. */
export interface Cluster {
  readonly directory: string;
  /** The superuser's. */
  readonly password: string;
  readonly runtimePassword: string;
  readonly logPath: string;
  readonly runAs: RunAs;
}

export const SUPERUSER = 'leadsync';

/** Whom the service works as: what it may do is what `leadsync migrate` has granted it. */
export const RUNTIME_ROLE = 'leadsync_runtime';

/**
 * Finds the cluster of `home` or makes it: `pg.password` (0600), `pg.log` and, at the place that fits who we are, `pg`.
 * Any number of processes may come at once; one initdb wins.
 */
export async function prepareCluster(home: string): Promise<Cluster> {
  const path = await makeHome(home);
  const runAs = await chooseRunAs(path, await findBinaries());
  const directory = join(runAs.place, 'pg');
  const password = await readOrCreateSecret(join(path, 'pg.password'));
  if (!(await isInitialised(directory))) await initialise(runAs, directory, password);
  return { directory, password, runtimePassword: runtimePassword(password), runAs, logPath: join(path, 'pg.log') };
}

/** Not a second file to lose: whoever can read the one can read the other. */
function runtimePassword(password: string): string {
  return createHmac('sha256', password).update(RUNTIME_ROLE).digest('base64url');
}

/** The real path: names given through links must not look like two homes. */
async function makeHome(home: string): Promise<string> {
  await mkdir(resolve(home), { recursive: true });
  return realpath(resolve(home));
}

function isInitialised(directory: string): Promise<boolean> {
  return stat(join(directory, 'PG_VERSION')).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}

/** Into a private folder, then renamed: a crash leaves no half cluster, and a rename onto a full folder loses the race. */
async function initialise(runAs: RunAs, directory: string, password: string): Promise<void> {
  await sweepLeftovers(runAs.place);
  const own = join(runAs.place, `pg.init-${process.pid}-${randomUUID().slice(0, 8)}`);
  const passwordFile = `${own}.password`;
  try {
    await mkdir(own, { mode: 0o700 });
    await writeFile(passwordFile, password, { mode: 0o600, flag: 'wx' });
    if (runAs.owner) {
      await chmod(own, 0o700);
      for (const path of [own, passwordFile]) await chown(path, runAs.owner.uid, runAs.owner.gid);
    }
    const { file, args, ...identity } = runAs.command('initdb', [
      '-D',
      own,
      '-U',
      SUPERUSER,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C.UTF-8',
      '--data-checksums',
      '--no-instructions',
    ]);
    await run(file, args, { cwd: '/', env: plainEnvironment, ...identity });
    await rename(own, directory);
  } catch (error) {
    await rm(own, { recursive: true, force: true });
    if (await isInitialised(directory)) return;
    throw databaseFault(`could not be initialised in ${directory}${complaint(error)}`, error);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** The last line that a failed program wrote; its message would repeat the whole command. */
function complaint(error: unknown): string {
  const { stderr } = error as { stderr?: string };
  return stderr?.trim() ? `: ${stderr.trim().split('\n').at(-1)}` : '';
}

/** What a process left behind that was killed while it initialised. */
async function sweepLeftovers(place: string): Promise<void> {
  for (const name of await readdir(place)) {
    const pid = /^pg\.init-(\d+)/.exec(name)?.[1];
    if (pid && !exists(Number(pid))) await rm(join(place, name), { recursive: true, force: true });
  }
}
