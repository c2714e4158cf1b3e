import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { machineTokens } from '../adapters/crypto/machine-tokens.ts';
import type { TokenDesk } from '../cli/token-desk.ts';
import { readMachineUsers } from '../config/machine-users.ts';
import { faultOf } from './machine-users.ts';

/** Opens the file of the machine users, and nothing else. */
export function openTokenDesk(path: string): TokenDesk {
  return {
    path,
    tokens: machineTokens,
    read() {
      const read = readMachineUsers(path);
      if (read.kind === 'refused') throw faultOf(path, read.got);
      return read.users;
    },
    async write(users) {
      // A console that runs looks at the file at any time: it must not see half of it.
      const temporary = `${path}.${process.pid}.tmp`;
      try {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(temporary, `${JSON.stringify(users, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
        await chmod(temporary, 0o600);
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true });
        const code = error instanceof Error && 'code' in error ? String(error.code) : '';
        throw code === '' ? error : faultOf(path, code);
      }
    },
  };
}
