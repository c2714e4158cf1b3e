import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { ConfigFault } from '../domain/config-fault.ts';
import { readApi } from './api-config.ts';
import type { Config } from './config.ts';
import { createReader, type Reader } from './read-variable.ts';
import { variables, type VariableName } from './variables.ts';

/**
 * Reads and validates the whole environment at once. `LEADSYNC_HOME/.env` is read too; what the process was given wins.
 * Throws one ConfigFault with a line per fault: the variable, what was expected and what was found, secrets unshown.
 */
export function readEnvironment(
  given: Readonly<Record<string, string | undefined>>,
  options: { readonly checkout: string },
): Config {
  const home = resolve(given['LEADSYNC_HOME'] || join(options.checkout, 'data'));
  const read = createReader({ ...readEnvFile(join(home, '.env')), ...withoutEmpty(given) });
  refuseUnknown(given, read);

  const folder = (name: VariableName, fallback: string): string => resolve(read.text(name) ?? join(home, fallback));
  const databaseUrl = read.url('DATABASE_URL', ['postgres:', 'postgresql:']);
  const secretKey = read.base64('LEADSYNC_SECRET_KEY', 32);
  if (databaseUrl !== null && secretKey === null && !read.hasFault('LEADSYNC_SECRET_KEY')) {
    read.fault('LEADSYNC_SECRET_KEY', '32 bytes in base64 (openssl rand -base64 32), since DATABASE_URL is set', 'nothing');
  }
  const api = readApi(read);
  if (api?.environment === 'production' && databaseUrl === null) {
    read.fault('DATABASE_URL', 'a PostgreSQL of your own, since LEADS_API_ENVIRONMENT is production', 'nothing');
  }
  const config: Config = {
    home,
    folders: {
      partners: folder('LEADSYNC_PARTNERS', 'partners'),
      inbox: folder('LEADSYNC_INBOX', 'inbox'),
      outbox: folder('LEADSYNC_OUTBOX', 'outbox'),
      archive: folder('LEADSYNC_ARCHIVE', 'archive'),
      rejected: folder('LEADSYNC_REJECTED', 'rejected'),
    },
    timeZone: read.timeZone('LEADSYNC_TIME_ZONE', 'Europe/Madrid'),
    secretKey,
    databaseUrl,
    databaseAdminUrl: read.url('DATABASE_ADMIN_URL', ['postgres:', 'postgresql:']),
    redisUrl: read.url('REDIS_URL', ['redis:', 'rediss:']),
    queueBackend: read.oneOf('LEADSYNC_QUEUE_BACKEND', ['auto', 'redis', 'postgres'], 'auto'),
    path: given['PATH'],
    api,
    logLevel: read.oneOf('LOG_LEVEL', ['fatal', 'error', 'warn', 'info', 'debug', 'silent'], 'info'),
    arrivalAgeMs: read.wholeNumber('LEADSYNC_ARRIVAL_AGE_MS', 2000, { min: 0 }),
    quietPeriodMs: read.wholeNumber('LEADSYNC_QUIET_PERIOD_MS', 20 * 60_000, { min: 0 }),
    drainMs: read.wholeNumber('LEADSYNC_DRAIN_MS', 25_000, { min: 0 }),
    timeScale: read.decimal('LEADSYNC_TIME_SCALE', 1),
  };
  const faults = read.faults();
  if (faults.length > 0) throw new ConfigFault('CONFIG_INVALID', faults.join('\n'));
  return Object.freeze(config);
}

function readEnvFile(path: string): Record<string, string | undefined> {
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw new ConfigFault('CONFIG_INVALID', `${path}: expected a readable env file`, { cause: error });
  }
}

/** An empty variable is one that was not given: `REDIS_URL= leadsync run`. */
function withoutEmpty(given: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== ''));
}

/** A misspelt name would leave its default in force without a word. */
function refuseUnknown(given: Readonly<Record<string, string | undefined>>, read: Reader): void {
  const known = new Set<string>(variables.flatMap(({ name }) => [name, `${name}_FILE`]));
  for (const name of Object.keys(given)) {
    if (/^(LEADSYNC|LEADS_API)_/.test(name) && !known.has(name)) {
      read.fault(name, 'a variable of docs/configuration.md', 'an unknown name');
    }
  }
}
