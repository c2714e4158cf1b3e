import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { machineTokens } from '../adapters/crypto/machine-tokens.ts';
import { errorCode } from '../adapters/files/error-code.ts';
import { syncFolder } from '../adapters/files/sync-folder.ts';
import type { TokenDesk } from '../cli/token-desk.ts';
import { readMachineUsers } from '../config/machine-users.ts';
import { ConfigFault } from '../domain/config-fault.ts';
import { faultOf } from './machine-users.ts';

const pauseMs = 50;

/** Opens the file of the machine users, and nothing else. `patienceMs`: so long another one may take to write. */
export function openTokenDesk(path: string, { patienceMs = 5_000 } = {}): TokenDesk {
  // A console that runs looks at the file at any time and must not see half of it. Who makes this one has the turn.
  const next = `${path}.new`;

  function read() {
    const found = readMachineUsers(path);
    if (found.kind === 'refused') throw faultOf(path, found.got);
    return found.users;
  }

  return {
    path,
    tokens: machineTokens,
    read,
    async change(edit) {
      try {
        await mkdir(dirname(path), { recursive: true });
        await using file = await takeTurn(next, patienceMs);
        try {
          await file.writeFile(`${JSON.stringify(edit(read()), null, 2)}\n`);
          await file.sync();
          await rename(next, path);
        } catch (error) {
          await rm(next, { force: true });
          throw error;
        }
        // A token that is revoked stays so, also after a power cut.
        await syncFolder(dirname(path));
      } catch (error) {
        if (error instanceof ConfigFault) throw error;
        const code = errorCode(error);
        if (code === 'EEXIST') throw faultOf(path, `a change that is under way (or broke off: remove ${next})`);
        throw code === '' ? error : faultOf(path, code);
      }
    },
  };
}

async function takeTurn(next: string, patienceMs: number): Promise<FileHandle> {
  for (let waitedMs = 0; ; waitedMs += pauseMs) {
    try {
      return await open(next, 'wx', 0o600);
    } catch (error) {
      if (errorCode(error) !== 'EEXIST' || waitedMs >= patienceMs) throw error;
      await wait(pauseMs);
    }
  }
}
