import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { effects } from '../../src/sandbox/faults/ordered-fault.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { runLeadsync, startLeadsync, thisCheckout, type LeadsyncProcess } from '../support/leadsync-process.ts';
import { testRedisUrl } from '../support/redis.ts';
import { tracesOf } from '../support/traces-of.ts';
import { createInstallation, type Installation } from './installation.ts';
import { drop } from './leads-file.ts';

/**
 * A whole run with every fault of the sandbox and an API that repeats whom it was asked about, by processes of every log
 * level, on both backends of the queue. Then everything that was written anywhere, but in the files that are there to hold
 * people, is searched for them and for the secrets, in every shape.
 */

const letters = 'TRWAGMYFPDXBNJZSQVHLCKE';
const stems = ['9971234', '9382647', '9826351'];

/** Nobody is called so, and no number is by chance what stands here. */
const words = {
  nifs: stems,
  phones: ['7193847'],
  emails: ['quixotl', 'fugazi-correo'],
  names: ['Xylofanto', 'Quetzalbertez', 'Ñandubeláez'],
  free: ['zarzaparrilleo', 'mandrágoras'],
} as const;
const numbers = [...words.nifs, ...words.phones, ...words.emails];
const everything = [...numbers, ...words.names, ...words.free];

/** In the name of a file alone: it is the partner's own, and their result is called so. */
const inName = { nif: '98765430', phone: '718293645', word: 'Filomenchu' };

const secrets = {
  login: 'geheim-login-4711',
  header: 'geheim-header-4712',
  secretKey: Buffer.from('geheim-secret-key-of-32-bytes-47').toString('base64'),
  auditKey: Buffer.from('geheim-audit-key-of-32-bytes-471').toString('base64'),
};

interface Person {
  readonly nif: string;
  readonly phone: string;
  readonly email: string;
  readonly name: string;
}

function person(n: number): Person {
  const digits = `${stems[Math.floor(n / 10)]}${n % 10}`;
  return {
    nif: `${digits}${letters[Number(digits) % 23]}`,
    phone: `7193847${String(n).padStart(2, '0')}`,
    email: `quixotl.${n}@fugazi-correo.example`,
    name: `Xylofanto Quetzalbertez Ñandubeláez`,
  };
}

const people = Array.from({ length: 30 }, (_, n) => person(n));
const header = 'partnerLeadId;NIF;Nombre;Teléfono;Email;Acepta política de privacidad;Comentario';

function line(n: number, over: Partial<Person> & { readonly consent?: string } = {}): string {
  const { nif, phone, email, name, consent = 'sí' } = { ...people[n], ...over };
  return [`NL-${n}`, nif, name, phone, email, consent, 'zarzaparrilleo y mandrágoras'].join(';');
}

/** Plain rows, rows in every spelling, and rows with something wrong in each field. */
const leads = [
  header,
  ...people.slice(0, 24).map((_, n) => line(n)),
  line(24, { phone: '+34 719 38 47 24', nif: people[24]?.nif.toLowerCase() ?? '' }),
  line(25, { nif: `${people[25]?.nif.slice(0, 8)}A` }),
  line(26, { phone: '7193847' }),
  line(27, { email: 'quixotl@@fugazi-correo' }),
  line(28, { consent: 'Xylofanto quizás' }),
  line(29, { name: 'Xylofanto "Quetzalbertez' }),
  line(3),
  line(4, { phone: people[5]?.phone ?? '' }),
  `NL-99;${people[6]?.nif};Xylofanto`,
  `NL-98;${people[7]?.nif};Xylofanto\u0000Quetzalbertez;${people[7]?.phone};;sí;`,
  '',
].join('\n');
const updates = [
  'partnerLeadId;estado;observacion',
  ...people.slice(0, 24).map((_, n) => `NL-${n};7;zarzaparrilleo con Xylofanto, tel. 7193847${n} y mandrágoras`),
  'NL-1;quetzalbertez;zarzaparrilleo',
  '',
].join('\n');

const config = `partner: acme
defaults: { motivoLlamada: "1", ramo: "1", partner: Test }
consent: { accepted: ["sí"], refused: ["no"] }
agent: { default: "0051245" }
files: { leads: { match: "leads*.csv" }, updates: { match: "updates*.csv" } }
`;

const halting = new Set(['unauthorized', 'forbidden', 'redirect']);
const endpoints = ['clientData', 'altaLead', 'updateLead'] as const;

/** By chance and for ever, so that each has its turn. Maintenance is for all and ends by itself. */
const order = (wanted: (effect: string) => boolean, of: readonly string[] = endpoints) =>
  effects
    .filter(({ name }) => wanted(name))
    .flatMap(({ name: effect }) =>
      of.map((endpoint) => ({
        endpoint,
        effect,
        ...(effect === 'maintenance'
          ? { seconds: 3 }
          : halting.has(effect)
            ? { times: 0 }
            : { probability: 0.07, times: 0 }),
        ...(effect === 'latency' ? { ms: 20 } : {}),
        ...(effect === 'ko' ? { message: `${people[0]?.nif} Xylofanto quixotl.0@fugazi-correo.example` } : {}),
      })),
    );

/** In front of the sandbox: repeats whom it was asked about, in bodies and headers, for some of them. */
async function startEcho(target: string) {
  let redirects = false;
  const server = createServer((incoming: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const echoes = /NL-(2[0-3])"/.test(body) || /"nif":"\d{7}9/.test(body);
      if (redirects && incoming.url !== '/client-data') {
        response.writeHead(302, { location: `https://elsewhere.example/?who=${encodeURIComponent(body)}` }).end();
        return;
      }
      if (
        echoes &&
        incoming.headers['x-request-id'] !== undefined &&
        Number(`0x${String(incoming.headers['x-request-id']).at(-1)}`) % 2 === 0
      ) {
        const fields = Object.values(JSON.parse(body) as Record<string, unknown>).join(' ');
        response.writeHead(422, { 'content-type': 'application/json', 'x-echo': encodeURIComponent(fields) });
        response.end(JSON.stringify({ status: 'KO', message: `no válido: ${fields}`, error: { value: fields } }));
        return;
      }
      const onward = request(target + incoming.url, { method: incoming.method, headers: incoming.headers });
      onward.on('response', (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
        answer.on('error', () => response.destroy());
        answer.on('aborted', () => response.destroy());
      });
      onward.on('error', () => response.destroy());
      response.on('close', () => onward.destroy());
      onward.end(body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    redirect: () => (redirects = true),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const backends = [
  {
    backend: 'redis',
    env: { REDIS_URL: testRedisUrl() ?? '' },
    isThere: testRedisUrl() !== null,
    levels: ['trace', 'debug', 'info', 'warn', 'error'],
  },
  // What differs is the queue: the faults need not all be met again.
  { backend: 'postgres', env: { LEADSYNC_QUEUE_BACKEND: 'postgres' }, isThere: true, levels: ['trace', 'error'] },
] as const;

/** What was written where, by a name for the place. */
type Written = Map<string, string>;

describe.each(backends)('with the queue on $backend', ({ backend, env, isThere, levels }) => {
  if (!isThere) {
    it.skip('needs a redis-server', () => undefined);
    return;
  }
  let sandbox: Sandbox;
  let sandboxDatabase: TestDatabase;
  let echo: Awaited<ReturnType<typeof startEcho>>;
  let installation: Installation;
  let written: Written;
  let searched: string[];

  const basic = { authorization: `Basic ${Buffer.from(`leadsync:${secrets.login}`).toString('base64')}` };
  const orderFaults = async (faults: readonly object[]) => {
    const answer = await fetch(`${sandbox.url}/__sandbox/faults`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', ...basic },
      body: JSON.stringify({ faults, seed: 7 }),
    });
    expect(answer.status, await answer.text()).toBe(204);
  };
  const struck = async (): Promise<readonly string[]> => {
    const { faults } = (await (await fetch(`${sandbox.url}/__sandbox/faults`, { headers: basic })).json()) as {
      faults: { effect: string; endpoint: string; struck: number }[];
    };
    return faults.filter((fault) => fault.struck === 0).map(({ effect, endpoint }) => `${effect} ${endpoint}`);
  };

  const services: LeadsyncProcess[] = [];
  beforeAll(async () => {
    sandboxDatabase = await createTestDatabase('no leak sandbox');
    sandbox = await startSandbox({
      databaseUrl: sandboxDatabase.url,
      port: 0,
      authentication: { kind: 'basic', clientId: 'leadsync', clientSecret: secrets.login },
    });
    echo = await startEcho(sandbox.url);
    installation = await createInstallation('no leak', echo, {
      ...env,
      LEADSYNC_SECRET_KEY: secrets.secretKey,
      LEADSYNC_AUDIT_KEY: secrets.auditKey,
      LEADS_API_AUTH: 'basic',
      LEADS_API_CLIENT_ID: 'leadsync',
      LEADS_API_CLIENT_SECRET: secrets.login,
      LEADS_API_HEADERS: JSON.stringify({ 'X-Tenant': secrets.header }),
      LEADS_API_TIMEOUT_MS: '1000',
      LEADSYNC_QUIET_PERIOD_MS: '3000',
    });
    await writeFile(join(installation.home, 'partners', 'acme.yaml'), config);
    written = new Map();
    searched = [];
    await play();
  }, 600_000);

  afterAll(async () => {
    await Promise.all(services.map((service) => service.end('SIGKILL')));
    await echo.close();
    await sandbox.close();
    await installation.remove();
    await sandboxDatabase.drop();
  });

  async function play(): Promise<void> {
    const listener = await listen();
    await orderFaults(order((effect) => effect !== 'maintenance' && !halting.has(effect)));
    for (const [at, level] of levels.entries()) {
      const args = at === 0 ? ['run'] : ['run', '--roles', 'worker'];
      services.push(startLeadsync(args, { ...installation.env, LOG_LEVEL: level }));
    }
    await Promise.all(services.map((service) => service.ready()));
    written.set('command lines', await commandLines());
    const inbox = join(installation.home, 'inbox');
    await drop(inbox, 'acme', 'leads-one.csv', leads);
    await drop(inbox, 'acme', 'updates-one.csv', updates);
    await drop(inbox, 'acme', `leads ${inName.word} ${inName.nif}A ${inName.phone}.csv`, `${header}\n${line(8)}\n`);
    await drop(inbox, 'acme', `${inName.word} ${inName.nif}A.csv`, leads);
    await drop(inbox, 'acme', 'leads-broken.csv', `PK\u0003\u0004${leads}`);
    // A worker that dies holds what it holds.
    await eventually('some calls', async () => (await struck()).length < 30);
    const killed = services.pop();
    await killed?.end('SIGKILL');
    written.set('log of the one that was killed', killed?.output() ?? '');
    await untilStruck(inbox);
    // One after the other: maintenance opens the breaker, whose probes are client checks, and then no update is called.
    for (const endpoint of ['updateLead', 'altaLead', 'clientData'] as const) {
      await orderFaults(order((effect) => effect === 'maintenance', [endpoint]));
      await untilStruck(inbox);
    }
    await orderFaults([]);
    await installation.results('acme', 'leads-one.csv');
    // Two endpoints that refuse everybody, and the third sends them elsewhere.
    await orderFaults(order((effect) => effect === 'forbidden', ['clientData']));
    echo.redirect();
    await moreWork(inbox);
    await eventually('a halt', async () =>
      (await runLeadsync(['status'], installation.env)).output.includes('API_HALTED'),
    );
    await look(services[0] as LeadsyncProcess);
    await Promise.all(services.map((service) => service.end('SIGTERM')));
    for (const [at, service] of services.entries()) written.set(`log at ${levels[at]}`, service.output());
    written.set('queue', await listener.end());
    await gatherFiles();
    await gatherDatabase();
    searched = [...written.keys()];
  }

  let works = 0;
  /** Leads of the same people, each anew. */
  async function moreWork(inbox: string): Promise<void> {
    works += 1;
    const renamed = (text: string) => text.replaceAll('NL-', `N${works}-`);
    await drop(inbox, 'acme', `leads-more-${works}.csv`, renamed(leads));
    await drop(inbox, 'acme', `updates-more-${works}.csv`, renamed(updates));
  }

  async function untilStruck(inbox: string): Promise<void> {
    const isWhole = levels.length === 5;
    // Each outage that a fault makes stops calls for a while, and a busy machine has more of them.
    const until = performance.now() + (isWhole ? 240_000 : 0);
    do {
      await moreWork(inbox);
      await eventually('faults', async () => (await struck()).length === 0, 6_000).catch(() => false);
    } while (performance.now() < until && (await struck()).length > 0);
    if (isWhole) expect(await struck()).toEqual([]);
  }

  /** All that people and machines are shown. */
  async function look(service: LeadsyncProcess): Promise<void> {
    const nif = `${people[0]?.nif}\n`;
    const why = ['--reason', 'asked for'];
    const listing = join(inject('runFolder'), 'listing.csv');
    await writeFile(listing, 'leadId;partnerLeadId\nL-1;NL-0\nL-2;NL-1\n');
    const trace = { ...installation.env, LOG_LEVEL: 'trace' };
    for (const args of [
      ['status'],
      ['status', '--json'],
      ['rows', '--limit', '200'],
      ['rows', '--json', '--limit', '200'],
      ['rows', '--nif', '-', '--json'],
      ['lead', '--nif', '-'],
      ['lead', 'NL-0', '--json'],
      ['in-doubt'],
      ['report'],
      ['erase', '--list', '--nif', '-'],
      ['doctor'],
      ['doctor', '--json'],
      ['doctor', '--api', '--nif', '-'],
      ['rows', '--nif', people[0]?.nif ?? ''],
      ['reconcile', listing, '--as-of', '1m', '--dry-run'],
      ['audit', 'verify'],
      ['audit', 'export', join(installation.home, 'audit.ndjson'), ...why],
      ['retention', 'run', ...why],
      ['erase', '--nif', '-', '--yes', ...why],
    ])
      written.set(
        `leadsync ${args[0]} ${args
          .slice(1)
          .filter((arg) => arg.startsWith('--'))
          .join(' ')}`,
        (await runLeadsync(args, trace, thisCheckout, nif)).output,
      );
    const url = /^console +(\S+)$/m.exec(service.output())?.[1] ?? '';
    written.set('metrics', await (await fetch(`${url}/metrics`)).text());
    const seen = new Set<string>(['/']);
    for (const path of seen) {
      const answer = await fetch(url + path);
      const html = await answer.text();
      written.set(`page ${path}`, html);
      if (seen.size > 60) continue;
      for (const [, link = ''] of html.matchAll(/href="(\/[^"#]*)"/g)) seen.add(link.replaceAll('&amp;', '&'));
    }
    expect(seen.size, written.get('page /')).toBeGreaterThan(20);
    written.set('console URLs', [...seen].join('\n'));
  }

  async function gatherFiles(): Promise<void> {
    const entries = await readdir(installation.home, { recursive: true, withFileTypes: true });
    written.set('file names', entries.map(({ name }) => name).join('\n'));
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name).slice(installation.home.length + 1);
      // These hold people, and are closed to others by their place.
      if (/^inbox\/.*\.csv$/.test(path)) continue;
      written.set(`file ${path}`, await readFile(join(installation.home, path), 'latin1'));
    }
    // What the servers of this run say of statements that fail.
    for (const log of ['pg.log', 'redis/redis.log'])
      written.set(log, await readFile(join(inject('runFolder'), 'home', log), 'utf8').catch(() => ''));
  }

  /** Every row of every table as text: what is sealed is bytes there. */
  async function gatherDatabase(): Promise<void> {
    const client = new pg.Client({ connectionString: installation.adminUrl });
    await client.connect();
    const { rows: tables } = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'bullmq')`,
    );
    for (const { name } of tables) {
      const { rows } = await client.query<{ text: string }>(`select t::text as text from ${name} t`);
      written.set(`table ${name}`, rows.map(({ text }) => text).join('\n'));
    }
    await client.end();
  }

  /** Everything that is ever put into the queue, and not only what is left in the end. */
  async function listen(): Promise<{ end(): Promise<string> }> {
    const lines: string[] = [];
    if (backend === 'redis') {
      const redis = new Redis(testRedisUrl() ?? '');
      const monitor = await redis.monitor();
      monitor.on('monitor', (_time: string, args: readonly string[]) => lines.push(args.join(' ')));
      return {
        async end() {
          for (const key of await redis.keys('*')) {
            const dumped = await redis.dumpBuffer(key);
            lines.push(key, dumped?.toString('latin1') ?? '');
          }
          monitor.disconnect();
          await redis.quit();
          return lines.join('\n');
        },
      };
    }
    const client = new pg.Client({ connectionString: installation.adminUrl });
    client.on('error', () => undefined);
    await client.connect();
    await client.query(`create table public.queue_seen (said text);
      grant insert on public.queue_seen to public;
      create function public.keep_seen() returns trigger language plpgsql as
        $$ begin insert into public.queue_seen values (new::text); return null; end $$`);
    const { rows } = await client.query<{ name: string }>(
      `select format('bullmq.%I', tablename) as name from pg_tables where schemaname = 'bullmq'`,
    );
    for (const { name } of rows)
      await client.query(
        `create trigger seen after insert or update on ${name} for each row execute function public.keep_seen()`,
      );
    return {
      async end() {
        const { rows: seen } = await client.query<{ said: string }>('select said from public.queue_seen');
        await client.end();
        return seen.map(({ said }) => said).join('\n');
      },
    };
  }

  /** Where which of these values stand. */
  function found(values: readonly string[], of: (place: string) => boolean = () => true): readonly string[] {
    return [...written]
      .filter(([place]) => of(place))
      .flatMap(([place, text]) => tracesOf(values, `${place}\n${text}`).map((trace) => `${trace} in ${place}`));
  }

  const isResult = (place: string) => place.startsWith('file outbox/');
  const isShown = (place: string) => /^(page|leadsync lead|leadsync rows|leadsync doctor --api)/.test(place);

  it('has looked everywhere', () => {
    for (const level of levels.slice(0, -1)) expect(searched).toContain(`log at ${level}`);
    for (const place of [
      'queue',
      'metrics',
      'console URLs',
      'file names',
      'table public.ledger_row',
      'table public.audit_event',
      'table public.attempt',
      'pg.log',
      'page /',
      'page /files',
      'file audit.ndjson',
      'leadsync erase --nif --yes --reason',
    ])
      expect(searched).toContain(place);
    expect(written.get('log at trace')).toContain('"level":"debug"');
    expect(written.get('queue')).toMatch(/register-lead/);
    expect(written.get('table public.ledger_row')).toMatch(/rejected/);
    expect(written.get('table public.ledger_row')).toMatch(/in_doubt/);
    expect(written.get('table public.ledger_row')).toMatch(/registered/);
    expect(written.get('table public.erasure')).toContain('asked for');
    expect(written.get('leadsync reconcile --as-of --dry-run')).toContain('listing');
  });

  it('finds nobody of the files in logs, queue, ledger, audit log, metrics, addresses and names of files', () => {
    expect(found(everything, (place) => !isShown(place) && !isResult(place))).toEqual([]);
  });

  it('shows nobody on the pages of the console', () => {
    expect(found(everything, (place) => place.startsWith('page '))).toEqual([]);
  });

  it('shows no number and no address of anybody in listings and results; a name where the API itself has said it', () => {
    expect(found([...numbers, ...words.free], (place) => isShown(place) || isResult(place))).toEqual([]);
  });

  it('keeps the name that a partner gave to a file out of logs, queue, ledger and audit log', () => {
    const isNamed = (place: string) =>
      place === 'file names' || isResult(place) || /^file (rejected|archive|inbox)/.test(place);
    expect(found([inName.nif, inName.phone], (place) => !isNamed(place))).toEqual([]);
    expect(found([inName.word], (place) => /^(log|queue|table|metrics|console URLs|pg.log)/.test(place))).toEqual([]);
  });

  it('tells no secret to anybody', () => {
    const passwords = [installation.env['DATABASE_URL'], installation.env['REDIS_URL']]
      .filter((url) => url !== undefined && url !== '')
      .map((url) => new URL(url as string).password);
    const places = (place: string) => place !== 'queue';
    expect(found([...Object.values(secrets), ...passwords], places)).toEqual([]);
  });
});

describe('the search', () => {
  it.each([
    ['plain', '9971234'],
    ['inside a longer word', 'x99712345z'],
    ['in another case', 'XYLOFANTO'],
    ['with separators', '997 123 45'],
    ['URL-encoded', '%39%39%37%31%32%33%34'],
    ['of a letter with an accent, URL-encoded', '%C3%91andubel%C3%A1ez'],
    ['in JSON escapes', '\\u00d1andubel\\u00e1ez'],
    ['in bytes as Redis writes them', '\\xc3\\x91andubel\\xc3\\xa1ez'],
    ['in hex', Buffer.from('dni 99712345 ').toString('hex')],
    ['in base64', Buffer.from('99712345').toString('base64')],
    ['in base64, one byte later', Buffer.from('x99712345').toString('base64')],
    ['in base64, two bytes later', Buffer.from('xy99712345').toString('base64')],
    ['in base64 of URLs', Buffer.from('ÿÿ9971234?').toString('base64url')],
  ])('sees a value %s', (_how, text) => {
    expect(tracesOf(everything, `before ${text} after`)).toHaveLength(1);
  });

  it('sees nothing where nothing is', () => {
    expect(tracesOf(everything, 'partner acme file 7 row 42 registered 9871234 998')).toEqual([]);
  });
});

async function commandLines(): Promise<string> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return lines.join('\n').replaceAll('\0', ' ');
}
