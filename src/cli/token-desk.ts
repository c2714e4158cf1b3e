import type { MachineTokens, MachineUser } from '../app/ports/machine-users.ts';

/** The machine users of the console's JSON API in their file: what `leadsync console-token` works with, without a ledger. */
export interface TokenDesk {
  /** Of the file. */
  readonly path: string;
  readonly tokens: MachineTokens;
  /** Throws a ConfigFault where it can't be read. A file that is not there holds none. */
  read(): readonly MachineUser[];
  /** The whole list, in place of the one before; readable by its owner alone. Throws a ConfigFault where it can't be written. */
  write(users: readonly MachineUser[]): Promise<void>;
}
