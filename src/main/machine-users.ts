import { machineTokens } from '../adapters/crypto/machine-tokens.ts';
import type { MachineUsers } from '../app/ports/machine-users.ts';
import type { Log } from '../app/ports/log.ts';
import { readMachineUsers, watchMachineUsers } from '../config/machine-users.ts';
import { ConfigFault } from '../domain/config-fault.ts';

/** The machine users of a file, as they are at each question. Throws a ConfigFault where it can't be read now. */
export function openMachineUsers(path: string, log: Log): MachineUsers {
  const read = readMachineUsers(path);
  if (read.kind === 'refused') throw faultOf(path, read.got);
  const watched = watchMachineUsers(path, () => log.event('machineUsersRefused', { code: 'CONFIG_INVALID' }));
  return {
    find(token) {
      const hash = machineTokens.hash(token);
      return watched.list().find(({ tokenHash }) => tokenHash === hash) ?? null;
    },
  };
}

export function faultOf(path: string, got: string): ConfigFault {
  return new ConfigFault(
    'CONFIG_INVALID',
    `CONSOLE_MACHINES: expected a list of machine users that only its owner can write (leadsync console-token), got ${got} for ${path}`,
  );
}
