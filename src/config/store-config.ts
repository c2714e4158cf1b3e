import { readFileSync } from 'node:fs';
import { isLoopback } from './api-config.ts';
import type { Config } from './config.ts';
import { readPem } from './pem-files.ts';
import type { SettingFaults } from './setting-faults.ts';
import type { Source, VariableValues } from './variable-values.ts';

interface Stores {
  readonly config: Pick<Config, 'database' | 'queue' | 'plainStores'>;
  /** What is allowed and is said at start, a sentence each. */
  readonly warnings: readonly string[];
}

type DatabaseVariable = 'DATABASE_URL' | 'DATABASE_ADMIN_URL';

/**
 * Puts database and Redis together. A certificate is checked wherever there is TLS, and in production there has to be TLS
 * to another machine.
 */
export function buildStores(values: VariableValues, env: Source, faults: SettingFaults): Stores {
  const database = {
    url: readDatabaseUrl('DATABASE_URL', values, env, faults),
    adminUrl: readDatabaseUrl('DATABASE_ADMIN_URL', values, env, faults),
  };
  const redisUrl = values.REDIS_URL ?? null;
  const plainStores = [
    ...(isPlainDatabase(database.url, env) ? ['DATABASE_URL'] : []),
    ...(isPlainDatabase(database.adminUrl, env) ? ['DATABASE_ADMIN_URL'] : []),
    ...(redisUrl !== null && isPlainRedis(redisUrl) ? ['REDIS_URL'] : []),
  ];
  const isAllowed = values.LEADSYNC_ALLOW_PLAIN_STORES;
  if (values.LEADS_API_ENVIRONMENT === 'production' && !isAllowed) {
    for (const name of plainStores)
      faults.add(name, expectedTls(name), 'a server elsewhere without TLS', 'CONFIG_TLS_REQUIRED');
  }
  const redisCa = readPem('REDIS_TLS_CA', values, faults) ?? null;
  return {
    config: {
      database,
      queue: { backend: values.LEADSYNC_QUEUE_BACKEND, redisUrl, redisCa },
      plainStores: isAllowed ? [] : plainStores,
    },
    warnings: isAllowed ? plainStores.map(warnOfPlainStore) : [],
  };
}

/** What a setting of `plainStores` would have to be in production. */
export function expectedTls(name: string): string {
  const tls = name === 'REDIS_URL' ? 'rediss://' : '?sslmode=verify-full in it';
  return `${tls} in production (or LEADSYNC_ALLOW_PLAIN_STORES=true where the way there is protected otherwise)`;
}

function warnOfPlainStore(name: string): string {
  return `${name} without TLS: passwords and personal data cross the network in clear, unless it is protected otherwise.`;
}

const certificateFiles = ['sslrootcert', 'sslcert', 'sslkey'] as const;

/**
 * The URL with one meaning of TLS: `sslmode=verify-full`, or none. pg takes `prefer`, `require` and `verify-ca` for it
 * already, and says that this will change.
 */
function readDatabaseUrl(
  name: DatabaseVariable,
  values: VariableValues,
  env: Source,
  faults: SettingFaults,
): string | null {
  const text = values[name];
  if (text === undefined) return null;
  const url = new URL(text);
  const { searchParams } = url;
  const ssl = last(searchParams, 'ssl');
  const mode = last(searchParams, 'sslmode') ?? (ssl === undefined ? env['PGSSLMODE'] : undefined);
  const off = [mode, ssl].includes('no-verify') || searchParams.has('uselibpqcompat');
  if (off) {
    faults.add(
      name,
      'sslmode=verify-full, or none (neither no-verify nor uselibpqcompat, PGSSLMODE included)',
      'a connection whose certificate nobody checks',
      'CONFIG_TLS_OFF',
    );
    return text;
  }
  for (const file of certificateFiles) checkFile(name, file, last(searchParams, file), faults);
  const asksForTls =
    mode !== undefined ||
    ssl === 'true' ||
    ssl === '1' ||
    certificateFiles.some((file) => searchParams.has(file)) ||
    last(searchParams, 'sslnegotiation') === 'direct';
  if (!asksForTls || mode === 'disable') return text;
  searchParams.delete('ssl');
  searchParams.set('sslmode', 'verify-full');
  return url.href;
}

function checkFile(name: DatabaseVariable, parameter: string, path: string | undefined, faults: SettingFaults): void {
  if (path === undefined) return;
  try {
    if (readFileSync(path, 'utf8').includes('-----BEGIN ')) return;
    faults.add(name, `a PEM file as ${parameter}`, `a file without -----BEGIN, ${path}`);
  } catch (error) {
    faults.add(
      name,
      `a file that can be read as ${parameter}`,
      `${(error as NodeJS.ErrnoException).code ?? 'an error'} for ${path}`,
    );
  }
}

function isPlainDatabase(text: string | null, env: Source): boolean {
  if (text === null) return false;
  const { hostname, searchParams } = new URL(text);
  // As pg reads it: a parameter goes before the host's own place. An empty one means this machine, or PGHOST.
  const host = last(searchParams, 'host') ?? (decodeURIComponent(hostname) || env['PGHOST'] || 'localhost');
  return last(searchParams, 'sslmode') !== 'verify-full' && !host.startsWith('/') && !isLoopback(host);
}

function isPlainRedis(text: string): boolean {
  const { protocol, hostname } = new URL(text);
  return protocol !== 'rediss:' && hostname !== '' && !isLoopback(hostname);
}

/** Of a parameter that stands there more than once pg takes the last. */
function last(parameters: URLSearchParams, name: string): string | undefined {
  return parameters.getAll(name).at(-1);
}
