import type { MachineTokens, MachineUser } from '../app/ports/machine-users.ts';

/** The machine users of the console's JSON API in their file: what `leadsync console-token` works with, without a ledger. */
export interface TokenDesk {
  /** Of the file. */
  readonly path: string;
  readonly tokens: MachineTokens;
  /** Throws a ConfigFault where it can't be read. A file that is not there holds none. */
  read(): readonly MachineUser[];
  /**
   * Puts what `edit` makes of the list in its place; readable by its owner alone. One at a time, whichever process asks: who
   * writes a list that was read before another's would bring back a token that was revoked in between. What `edit` throws
   * leaves all as it is. Throws a ConfigFault where it can't be written, or another goes on writing.
   */
  change(edit: (users: readonly MachineUser[]) => readonly MachineUser[]): Promise<void>;
}
