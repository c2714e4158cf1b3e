import { createPrivateKey } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../src/config/environment.ts';
import { ConfigFault } from '../../src/domain/config-fault.ts';
import type { FaultCode } from '../../src/domain/faults.ts';
import { selfSigned } from '../adapters/leads-api/self-signed.ts';
import { ofAnotherHost } from '../adapters/leads-api/strange-certificates.ts';
import { scratchFolder, type ScratchFolder } from '../support/scratch-folder.ts';

const key = Buffer.alloc(32, 7).toString('base64');
const checkout = '/opt/leadsync';
const api = { LEADS_API_URL: 'https://api.example.test/leads', LEADS_API_ENVIRONMENT: 'test' };
const production = {
  ...api,
  LEADS_API_ENVIRONMENT: 'production',
  DATABASE_URL: 'postgres://u:geheim@db/leads?sslmode=verify-full',
  LEADSYNC_SECRET_KEY: key,
};

const users = JSON.stringify([
  { name: 'ana', role: 'operator', password: `scrypt:16:8:2:${'s'.repeat(22)}:${'h'.repeat(43)}` },
]);

let scratch: ScratchFolder;
beforeEach(async () => {
  scratch = await scratchFolder();
});
afterEach(() => scratch.remove());

function encrypted(key: string): string {
  const options = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'geheim' } as const;
  return createPrivateKey(key).export(options).toString();
}

const read = (env: Record<string, string>) => readEnvironment(env, { checkout });

/** The lines of the fault that this environment ends in. */
function faultsOf(env: Record<string, string>, code: FaultCode = 'CONFIG_INVALID'): readonly string[] {
  try {
    read(env);
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    expect(error.code).toBe(code);
    return error.message.split('\n');
  }
  return [];
}

describe('readEnvironment', () => {
  it('has a version that tells a changed setting, and nothing of a secret but whether it is set', () => {
    const version = (env: Record<string, string>) => read({ ...api, ...env }).version;
    expect(version({ LOG_LEVEL: 'info' })).toBe(version({}));
    expect(version({ LEADS_API_TIMEOUT_MS: '9000' })).not.toBe(version({}));
    const withKey = version({ LEADSYNC_AUDIT_KEY: key });
    expect(withKey).not.toBe(version({}));
    expect(version({ LEADSYNC_AUDIT_KEY: Buffer.alloc(32, 8).toString('base64') })).toBe(withKey);
  });

  it('needs no variable at all', () => {
    const config = read({});
    expect(config.home).toBe('/opt/leadsync/data');
    expect(config.folders.inbox).toBe('/opt/leadsync/data/inbox');
    expect(config).toMatchObject({
      api: null,
      arrivalAgeMs: 2_000,
      console: { host: '127.0.0.1', port: 7_070, url: null, tls: null, users: [] },
      database: { url: null, adminUrl: null },
      deadlineMs: 25_000,
      environment: null,
      quietPeriodMs: 1_200_000,
      rowsConcurrency: 6,
      timeZone: 'Europe/Madrid',
      warnings: [],
    });
  });

  it('is frozen to its last part', () => {
    const config = read(api);
    expect(Object.isFrozen(config) && Object.isFrozen(config.api?.endpoints.clientData)).toBe(true);
  });

  it('knows nothing of a deployment beyond the specification unless it is told', () => {
    expect(read(api).api).toMatchObject({ retryAmbiguous: false, ko: { final: [], retry: [] }, proxy: null });
    const told = {
      LEADS_API_RETRY_AMBIGUOUS: 'true',
      LEADS_API_KO: '{"final":["DNI incorrecto"]}',
      LEADS_API_STATUS: '{"retry":[502]}',
    };
    expect(read({ ...api, ...told }).api).toMatchObject({
      retryAmbiguous: true,
      ko: { final: ['DNI incorrecto'], retry: [] },
      statuses: { final: [], retry: [502] },
    });
  });

  it.each(['{"final":[""]}', '{"final":["no "]}', '{"finally":[]}', '["DNI incorrecto"]', 'DNI'])(
    'does not take %s for what messages mean',
    (text) => {
      expect(faultsOf({ ...api, LEADS_API_KO: text })[0]).toContain('LEADS_API_KO');
    },
  );

  it.each(['{"final":[409]}', '{"retry":[200]}', '{"retry":[503],"final":[503]}', '{"retry":["500"]}', '[500]', '500'])(
    'does not take %s for what statuses mean',
    (text) => {
      expect(faultsOf({ ...api, LEADS_API_STATUS: text })[0]).toContain('LEADS_API_STATUS');
    },
  );

  it('reads the Leads API', () => {
    expect(read({ ...api, LEADS_API_CLIENT_DATA: 'get /clients/{nif}', LEADS_API_CONCURRENCY: '8' })).toMatchObject({
      api: {
        url: 'https://api.example.test/leads',
        endpoints: { clientData: { method: 'GET', path: '/clients/{nif}' } },
        auth: { kind: 'none' },
        timeoutMs: 15_000,
        sendBudgetMs: 5_000,
      },
      environment: 'test',
      rowsConcurrency: 12,
      warnings: ['LEADS_API_CLIENT_DATA puts the NIF into a URL, where proxies and servers log it.'],
    });
  });

  it('names every fault at once, with what was expected and what was got', () => {
    expect(
      faultsOf({
        LEADSYNC_HOME: 'data',
        LEADSYNC_TIME_ZONE: 'Europe/Madird',
        LEADS_API_URL: 'https://api.example.test',
        LEADS_API_TIMEOUT_MS: '15s',
        LEADS_API_ALTA_LEAD: 'GET /alta-lead',
        CONSOLE_PORT: '70700',
        LEADSYNC_SECRET_KEY: 'too short, yet secret',
      }).toSorted(),
    ).toEqual([
      'CONSOLE_PORT: expected a whole number from 0 to 65535, got "70700"',
      'LEADSYNC_HOME: expected an absolute path, got "data"',
      'LEADSYNC_SECRET_KEY: expected 32 bytes in base64, got a value that is set, 21 bytes',
      'LEADSYNC_TIME_ZONE: expected a time zone such as Europe/Madrid, got "Europe/Madird"',
      'LEADS_API_ALTA_LEAD: expected METHOD /path with one of POST, PUT, PATCH and no places in the path, got "GET /alta-lead"',
      'LEADS_API_ENVIRONMENT: expected one of sandbox, test, production with LEADS_API_URL, got nothing',
      'LEADS_API_TIMEOUT_MS: expected a whole number from 100 to 300000, got "15s"',
    ]);
  });

  it.each([
    ['DATABASE_URL', 'mysql://u:geheim@db/x'],
    ['REDIS_URL', 'geheim'],
    ['LEADS_API_HEADERS', '{"Authorization": geheim}'],
    ['LEADS_API_TOKEN_PARAMS', '["geheim"]'],
    ['LEADS_API_URL', 'ftp://u:geheim@api'],
    ['LEADS_API_PROXY', 'socks://u:geheim@proxy'],
    ['LEADS_API_PROXY', 'http://u:geheim%zz@proxy'],
    ['LEADS_API_KEY', 'geheim\nX-Other: 1'],
    ['CONSOLE_USERS', '[{"name":"ana","role":"boss","password":"geheim-geheim"}]'],
  ])('does not show %s', (name, value) => {
    const lines = faultsOf({ ...api, [name]: value });
    expect(lines).toEqual([expect.stringContaining(`${name}: expected`)]);
    expect(lines.join()).not.toContain('geheim');
  });

  it('takes an override before the process, the process before the env file, and an empty text for not set', async () => {
    const path = join(scratch.path, '.env');
    await writeFile(path, 'LOG_LEVEL=warn\nCONSOLE_PORT=1\nLEADSYNC_TIME_ZONE=UTC\nREDIS_URL=redis://file\n', {
      mode: 0o600,
    });
    const env = { LEADSYNC_HOME: scratch.path, CONSOLE_PORT: '2', LEADSYNC_TIME_ZONE: 'Europe/Lisbon', REDIS_URL: '' };
    const config = readEnvironment(env, { checkout, overrides: { LEADSYNC_TIME_ZONE: 'Europe/Paris' } });
    expect(config).toMatchObject({ logLevel: 'warn', console: { port: 2 }, timeZone: 'Europe/Paris' });
    expect(config.queue.redisUrl).toBeNull();
  });

  it('refuses an env file that others can read', async () => {
    const path = join(scratch.path, '.env');
    await writeFile(path, 'LEADS_API_KEY=geheim\n');
    await chmod(path, 0o644);
    expect(faultsOf({ LEADSYNC_HOME: scratch.path })).toEqual([
      `${path}: expected a file that only its owner can read, got mode 0644 (chmod 600 it)`,
    ]);
  });

  it('refuses an unknown name of ours in the env file, and warns of one in the process', async () => {
    await writeFile(join(scratch.path, '.env'), 'LEADS_API_TIMEOUT=3\n', { mode: 0o600 });
    expect(faultsOf({ LEADSYNC_HOME: scratch.path })).toEqual([expect.stringContaining('LEADS_API_TIMEOUT: expected')]);
    expect(read({ LEADSYNC_SERVICE_HOST: '10.0.0.1' }).warnings).toEqual([
      'LEADSYNC_SERVICE_HOST is no variable of leadsync and has no effect.',
    ]);
  });

  it('reads a secret from a file', async () => {
    const path = join(scratch.path, 'secret');
    await writeFile(path, `${key}\n`);
    expect(read({ LEADSYNC_SECRET_KEY_FILE: path }).secretKey).toEqual(new Uint8Array(Buffer.alloc(32, 7)));
  });

  it('refuses a secret file that is missing, relative, empty, or set beside its variable', async () => {
    const empty = join(scratch.path, 'empty');
    await writeFile(empty, '\n');
    const lines = faultsOf({
      LEADSYNC_SECRET_KEY: key,
      LEADSYNC_AUDIT_KEY_FILE: 'key',
      DATABASE_URL: 'postgres://db/x',
      DATABASE_URL_FILE: empty,
      REDIS_URL_FILE: empty,
      LEADS_API_KEY_FILE: join(scratch.path, 'none'),
    });
    expect(lines).toEqual([
      'LEADSYNC_AUDIT_KEY_FILE: expected the absolute path of a file that can be read, got "key"',
      'DATABASE_URL_FILE: expected either it or DATABASE_URL, got both',
      `REDIS_URL_FILE: expected a file that holds the value, got an empty file, ${empty}`,
      `LEADS_API_KEY_FILE: expected the absolute path of a file that can be read, got ENOENT for ${scratch.path}/none`,
    ]);
  });

  it('refuses http to another machine unless it is allowed, and in production always', () => {
    const http = { ...api, LEADS_API_URL: 'http://10.0.0.1' };
    const names = (env: Record<string, string>) =>
      faultsOf(env, 'CONFIG_TLS_REQUIRED').map((line) => line.split(':')[0]);
    expect(names(http)).toEqual(['LEADS_API_URL']);
    expect(names({ ...http, LEADS_API_ALLOW_HTTP: 'true' })).toEqual([]);
    expect(names({ ...http, LEADS_API_URL: 'http://127.0.0.1:7080' })).toEqual([]);
    expect(names({ ...http, LEADS_API_URL: 'http://127.0.0.1.example.test' })).toEqual(['LEADS_API_URL']);
    const inProduction = { ...production, LEADS_API_ALLOW_HTTP: 'true', LEADS_API_URL: 'http://127.0.0.1:7080' };
    expect(names(inProduction)).toEqual(['LEADS_API_URL']);
  });

  it('refuses the embedded database and a made key in production', () => {
    expect(faultsOf({ ...api, LEADS_API_ENVIRONMENT: 'production' }).map((line) => line.split(':')[0])).toEqual([
      'DATABASE_URL',
      'LEADSYNC_SECRET_KEY',
    ]);
    expect(faultsOf(production)).toEqual([]);
  });

  it('refuses a switched-off certificate check', () => {
    expect(faultsOf({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }, 'CONFIG_TLS_OFF')).toHaveLength(1);
    const database = (query: string, env = {}) =>
      faultsOf(
        { DATABASE_URL: `postgres://u:geheim@db/x?${query}`, LEADSYNC_SECRET_KEY: key, ...env },
        'CONFIG_TLS_OFF',
      );
    for (const lines of [
      database('sslmode=no-verify'),
      database('sslmode=verify-full&sslmode=no-verify'),
      database('ssl=no-verify'),
      database('uselibpqcompat=true&sslmode=require'),
      database('', { PGSSLMODE: 'no-verify' }),
    ]) {
      expect(lines).toEqual([expect.stringMatching(/^DATABASE_URL: expected sslmode=verify-full/)]);
      expect(lines.join()).not.toContain('geheim');
    }
  });

  it('takes every wish for TLS with the database for one that is checked in full', () => {
    const url = (text: string, env = {}) => read({ DATABASE_URL: text, LEADSYNC_SECRET_KEY: key, ...env }).database.url;
    const full = 'postgres://u:p%40ss@db/x?sslmode=verify-full';
    for (const wish of ['sslmode=require', 'sslmode=prefer', 'sslmode=verify-ca', 'ssl=true', 'ssl=1&sslmode=require'])
      expect(url(`postgres://u:p%40ss@db/x?${wish}`)).toBe(full);
    expect(url('postgres://u:p%40ss@db/x', { PGSSLMODE: 'require' })).toBe(full);
    expect(url('postgres://u:p%40ss@db/x')).toBe('postgres://u:p%40ss@db/x');
    expect(url('postgres://u:p%40ss@db/x?sslmode=disable')).toBe('postgres://u:p%40ss@db/x?sslmode=disable');
  });

  it('misses a file with certificates of the database at start', () => {
    expect(
      faultsOf({ DATABASE_URL: `postgres://db/x?sslrootcert=${scratch.path}/ca.pem`, LEADSYNC_SECRET_KEY: key }),
    ).toEqual([`DATABASE_URL: expected a file that can be read as sslrootcert, got ENOENT for ${scratch.path}/ca.pem`]);
  });

  it.each([
    ['a database elsewhere', { DATABASE_URL: 'postgres://db/x' }, ['DATABASE_URL']],
    ['one that is named as a parameter', { DATABASE_URL: 'postgres://localhost/x?host=db' }, ['DATABASE_URL']],
    ['one that the environment names', { DATABASE_URL: 'postgres:///x', PGHOST: 'db' }, ['DATABASE_URL']],
    ['TLS that is switched off', { DATABASE_URL: 'postgres://db/x?ssl=true&sslmode=disable' }, ['DATABASE_URL']],
    ['the owner of the schema elsewhere', { DATABASE_ADMIN_URL: 'postgres://db/x' }, ['DATABASE_ADMIN_URL']],
    ['a Redis elsewhere', { REDIS_URL: 'redis://cache:6379' }, ['REDIS_URL']],
    ['a database on this machine', { DATABASE_URL: 'postgres://127.0.0.1/x', REDIS_URL: 'redis://[::1]' }, []],
    ['a socket', { DATABASE_URL: 'postgres:///x?host=/run/postgresql' }, []],
    ['a socket in the host', { DATABASE_URL: 'postgres://%2Frun%2Fpostgresql/x' }, []],
    ['TLS', { DATABASE_URL: 'postgres://db/x?sslmode=require', REDIS_URL: 'rediss://cache' }, []],
  ])('in production asks for TLS to another machine: %s', (_name, env: Record<string, string>, names) => {
    const lines = faultsOf({ ...production, ...env }, 'CONFIG_TLS_REQUIRED');
    expect(lines.map((line) => line.split(':')[0])).toEqual(names);
    // Elsewhere it is nobody's business, but for a ledger that says it is production.
    expect(read({ ...production, ...env, ...api }).plainStores).toEqual(names);
    const allowed = read({ ...production, ...env, LEADSYNC_ALLOW_PLAIN_STORES: 'true' });
    expect(allowed.plainStores).toEqual([]);
    expect(allowed.warnings.map((line) => line.split(' ')[0])).toEqual(names);
  });

  it('says of each line which code it has where they differ', () => {
    expect(faultsOf({ NODE_TLS_REJECT_UNAUTHORIZED: '0', LOG_LEVEL: 'loud' })).toEqual([
      expect.stringMatching(/^LOG_LEVEL: .*"loud"$/),
      expect.stringMatching(/^NODE_TLS_REJECT_UNAUTHORIZED: .* \(CONFIG_TLS_OFF\)$/),
    ]);
  });

  it('asks for what each way to authenticate needs', () => {
    const lines = (auth: string) => faultsOf({ ...api, LEADS_API_AUTH: auth }).map((line) => line.split(':')[0]);
    expect(lines('basic')).toEqual(['LEADS_API_CLIENT_ID', 'LEADS_API_CLIENT_SECRET']);
    expect(lines('api-key')).toEqual(['LEADS_API_KEY']);
    expect(lines('oauth2')).toEqual(['LEADS_API_TOKEN_URL', 'LEADS_API_CLIENT_ID', 'LEADS_API_CLIENT_SECRET']);
  });

  it('reads oauth2', () => {
    const config = read({
      ...api,
      LEADS_API_AUTH: 'oauth2',
      LEADS_API_TOKEN_URL: 'https://id.example.test/token',
      LEADS_API_CLIENT_ID: 'id',
      LEADS_API_CLIENT_SECRET: 'geheim',
      LEADS_API_SCOPE: 'leads',
      LEADS_API_TOKEN_PARAMS: '{"oe_id": "es"}',
    });
    expect(config.api?.auth).toEqual({
      kind: 'oauth2',
      tokenUrl: 'https://id.example.test/token',
      clientId: 'id',
      clientSecret: 'geheim',
      scope: 'leads',
      params: { oe_id: 'es' },
      credentials: 'header',
    });
  });

  it('reads certificates at start, and misses the key of one', async () => {
    const path = join(scratch.path, 'cert.pem');
    await writeFile(path, selfSigned.cert);
    expect(read({ ...api, LEADS_API_TLS_CA: path }).api?.tls).toEqual({ ca: selfSigned.cert });
    expect(faultsOf({ ...api, LEADS_API_TLS_CERT: path })).toEqual([
      'LEADS_API_TLS_KEY: expected the key of LEADS_API_TLS_CERT, got nothing',
    ]);
    expect(faultsOf({ ...api, LEADS_API_TLS_CA: join(scratch.path, 'none') })).toHaveLength(1);
  });

  it('takes a certificate and its own key, and no other', async () => {
    const pem = async (name: string, text: string) => {
      const path = join(scratch.path, name);
      await writeFile(path, text);
      return path;
    };
    const cert = await pem('cert.pem', selfSigned.cert);
    const key = await pem('key.pem', selfSigned.key);
    const other = await pem('other.pem', ofAnotherHost.key);
    const broken = await pem('broken.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    const locked = await pem('locked.pem', encrypted(selfSigned.key));
    const pair = { LEADS_API_TLS_CERT: cert, LEADS_API_TLS_KEY: key };
    expect(read({ ...api, ...pair }).api?.tls).toEqual(selfSigned);
    expect(faultsOf({ ...api, ...pair, LEADS_API_TLS_KEY: other })).toEqual([
      'LEADS_API_TLS_KEY: expected the key of LEADS_API_TLS_CERT, got the key of another certificate',
    ]);
    expect(faultsOf({ CONSOLE_TLS_CERT: cert, CONSOLE_TLS_KEY: other })).toEqual([
      'CONSOLE_TLS_KEY: expected the key of CONSOLE_TLS_CERT, got the key of another certificate',
    ]);
    expect(faultsOf({ ...api, ...pair, LEADS_API_TLS_KEY: locked })).toEqual([
      'LEADS_API_TLS_KEY: expected a key without a passphrase, got an encrypted one',
    ]);
    expect(faultsOf({ ...api, ...pair, LEADS_API_TLS_CERT: broken })).toEqual([
      `LEADS_API_TLS_CERT: expected a PEM file with a certificate, got a file with none that can be read, ${broken}`,
    ]);
  });

  it('keeps the send budget well inside the quiet period', () => {
    expect(faultsOf({ ...api, LEADSYNC_QUIET_PERIOD_MS: '14999' })).toEqual([
      'LEADS_API_SEND_BUDGET_MS: expected at most a third of LEADSYNC_QUIET_PERIOD_MS, 4999, got "5000"',
    ]);
  });

  it('shows the console to other machines only behind a login', () => {
    const behindProxy = { CONSOLE_URL: 'https://leads.example.test' };
    for (const reached of [{ CONSOLE_HOST: '0.0.0.0' }, behindProxy]) {
      expect(faultsOf(reached)).toEqual([expect.stringMatching(/^CONSOLE_USERS: expected users with CONSOLE_/)]);
      expect(read({ ...reached, CONSOLE_USERS: users }).console.users).toHaveLength(1);
    }
  });

  it('takes no password in clear for the console', () => {
    const clear = JSON.stringify([{ name: 'ana', role: 'operator', password: 'twelve or more' }]);
    expect(faultsOf({ CONSOLE_USERS: clear })).toEqual([expect.stringContaining('`leadsync console-user`')]);
  });

  it('warns where passwords of the console would travel in clear', () => {
    const shown = { CONSOLE_HOST: '0.0.0.0', CONSOLE_USERS: users };
    expect(read(shown).warnings).toEqual([expect.stringContaining('travel in clear')]);
    expect(read({ ...shown, CONSOLE_URL: 'https://leads.example.test/' })).toMatchObject({
      warnings: [],
      console: { url: 'https://leads.example.test' },
    });
  });
});
