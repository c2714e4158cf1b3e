import { ConfigFault } from '../../domain/config-fault.ts';

const WAY_OUT = 'Way out: set DATABASE_URL=postgres://user:password@host:5432/database';

/** The one shape of every failure of the embedded database: a single line, what happened and the way out. */
export function databaseFault(what: string, cause?: unknown): ConfigFault {
  const { code, path } = (cause ?? {}) as NodeJS.ErrnoException;
  const why = code === undefined ? '' : ` (${[code, path].filter(Boolean).join(' ')})`;
  const line = `Embedded PostgreSQL: ${what}${why}. ${WAY_OUT}`;
  return new ConfigFault('CONFIG_DATABASE_UNREACHABLE', line.replaceAll(/\s+/g, ' '), { cause });
}
