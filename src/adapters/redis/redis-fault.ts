import { ConfigFault } from '../../domain/config-fault.ts';

/** The one shape of every failure of the private Redis: a single line, what happened and the way out. */
export function redisFault(what: string, cause?: unknown): ConfigFault {
  const { code, path } = (cause ?? {}) as NodeJS.ErrnoException;
  const why = code === undefined ? '' : ` (${[code, path].filter(Boolean).join(' ')})`;
  const line = `Private Redis: ${what}${why}. Way out: set REDIS_URL=redis://:password@host:6379`;
  return new ConfigFault('CONFIG_REDIS_UNREACHABLE', line.replaceAll(/\s+/g, ' '), { cause });
}
