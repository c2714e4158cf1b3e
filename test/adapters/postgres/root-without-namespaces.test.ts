import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { scratchFolder } from '../../support/scratch-folder.ts';
import { JOINER, whenJoined } from './join-in-process.ts';

// A machine in the machine, as Docker's default profile makes it: root with all users, but no further namespaces. Its
// /var/lib is memory of its own, so that nothing outside the checkout is touched.
const MACHINE = [
  "read go && exec setpriv --reuid 0 --regid 0 --clear-groups sh -c '",
  'mount -t tmpfs tmpfs /var/lib && echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"',
  '\' sh "$@"',
].join('');

test.skipIf(!canBuildMachine())('root runs PostgreSQL as nobody under /var/lib/leadsync', async () => {
  const folder = await scratchFolder();
  const command = ['--user', '--mount', '--', 'sh', '-c', MACHINE, 'sh', process.execPath, JOINER, folder.path];
  const machine = spawn('unshare', command, { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(machine, 'spawn');
  await mapAllUsers(machine.pid as number);
  machine.stdin.write('go\n');
  const joined = await whenJoined(machine);
  expect(joined.place).toMatch(/^\/var\/lib\/leadsync\/[0-9a-f]{16}\/pg$/);
  await joined.leave();
  expect(machine.exitCode).toBe(0);
  await folder.remove();
});

/** The namespace belongs to unshare from a moment after its start. */
async function mapAllUsers(pid: number): Promise<void> {
  for (const map of ['uid_map', 'gid_map']) {
    await expect
      .poll(
        () =>
          writeFile(`/proc/${pid}/${map}`, '0 0 65536').then(
            () => true,
            () => false,
          ),
        { interval: 20 },
      )
      .toBe(true);
  }
}

function canBuildMachine(): boolean {
  if (process.platform !== 'linux' || process.geteuid?.() !== 0) return false;
  try {
    execFileSync('unshare', ['--user', '--mount', '--', 'setpriv', '--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
