import { accessSync, constants, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { spoolSuffix } from '../adapters/spool/spool-file.ts';
import { openSpool } from '../adapters/spool/spool-folder.ts';
import type { SpoolHead } from '../adapters/spool/spool-line.ts';
import type { Spool } from '../app/ports/spool.ts';
import { ConfigFault } from '../domain/config-fault.ts';

/**
 * The spool of this host, for a process that will write to it. Throws a ConfigFault where it can't be written, or where a
 * file of it can't be read: what somebody else has sent and this process can't see may be what the ledger lacks.
 */
export function openHostSpool(folder: string, head: SpoolHead): Spool {
  try {
    const spool = openSpool(folder, head);
    accessSync(folder, constants.R_OK | constants.W_OK);
    for (const name of readdirSync(folder))
      if (name.endsWith(spoolSuffix)) accessSync(join(folder, name), constants.R_OK);
    return spool;
  } catch (error) {
    throw asSpoolFault(error);
  }
}

// None of a database's or a network's.
const fileFaults = new Set(
  'EACCES EPERM EROFS ENOSPC EDQUOT EIO EISDIR ENOTDIR EEXIST EINVAL ELOOP EMFILE ENFILE ESTALE'.split(' '),
);

/** What the file system says of a spool, as a setting to mend. Anything else as it is. */
export function asSpoolFault(error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error && fileFaults.has(String(error.code)))) return error;
  return new ConfigFault(
    'CONFIG_INVALID',
    `LEADSYNC_SPOOL: expected a folder that can be written, with files that can be read; found ${error.message}`,
    { cause: error },
  );
}
