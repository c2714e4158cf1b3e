import { ConfigFault } from '../../domain/config-fault.ts';

const WAY_OUT = 'Way out: set DATABASE_URL=postgres://user:password@host:5432/database';

/** The one shape of every failure of the embedded database: a single line, what happened and the way out. */
export function databaseFault(what: string, cause?: unknown): ConfigFault {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  const line = `Embedded PostgreSQL: ${what}${code ? ` (${code})` : ''}. ${WAY_OUT}`.replaceAll(/\s+/g, ' ');
  return new ConfigFault('CONFIG_DATABASE_UNREACHABLE', line, { cause });
}
