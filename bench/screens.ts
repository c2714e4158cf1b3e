import { randomBytes, scryptSync } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { createCallTallies } from '../src/adapters/ledger/call-tallies.ts';
import { createDeliveryLedger } from '../src/adapters/ledger/deliveries.ts';
import { openDatabase, type OpenedDatabase } from '../src/adapters/ledger/database.ts';
import { createKeyStore } from '../src/adapters/ledger/key-store.ts';
import { createLedger } from '../src/adapters/ledger/ledger.ts';
import { migrateLedger } from '../src/adapters/ledger/migrate.ts';
import { createVault } from '../src/adapters/crypto/vault.ts';
import { createConsole } from '../src/console/console.ts';
import type { ConsolePorts } from '../src/console/ports.ts';
import { launchChromium, openPage } from '../test/support/browser.ts';
import { fillLedger } from '../test/support/large-ledger.ts';
import { nightlyPartners, portsOfLedger, timeZone } from './console-of-ledger.ts';
import { onOwnDatabase } from './own-database.ts';

/**
 * Draws the screens of docs/console.md into docs/screens/: `node bench/screens.ts [PAGE…]`. A ledger of 20,000 rows as sixty
 * nights would have left it, synthetic throughout; it takes Chromium. With DATABASE_URL on that server, else on an embedded
 * PostgreSQL in a folder of its own. Ends with 1 where a picture is larger than 150 KB.
 */
const wanted = process.argv.slice(2);
const folder = join(import.meta.dirname, '../docs/screens');
const rows = 20_000;
const mostBytes = 150_000;
const password = 'correcto caballo pila';

const partners = nightlyPartners({ schedule: { cron: '0 1 * * *', timeZone } });

interface Shot {
  readonly name: string;
  readonly path: string;
  readonly before?: (page: Page) => Promise<unknown>;
}

async function draw(url: string): Promise<void> {
  const database = openDatabase(url, { max: 4 });
  await migrateLedger(database.db);
  const vault = await createVault({
    secret: randomBytes(32),
    keyStore: createKeyStore(database.db),
    now: () => new Date(),
  });
  const filled = await fillLedger(url, vault, rows);
  const ports = portsOf(database, vault);
  await furnish(database, ports);
  const app = createConsole(ports, {
    users: [aUser()],
    host: '127.0.0.1',
    port: 0,
    url: null,
    tls: null,
    version: '0.1.0',
    surroundings: {
      home: '/srv/leadsync',
      environment: 'production',
      ledger: 'PostgreSQL at db:5432/leadsync',
      queue: 'Redis at redis:6379',
      api: 'https://leads.insurer.example',
      timeZone,
    },
  });
  const browser = await launchChromium();
  try {
    await app.listen({ host: '127.0.0.1', port: 0 });
    const at = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
    const shots = await shotsOf(database, ports, filled);
    await mkdir(folder, { recursive: true });
    for (const [width, scheme] of [
      [1280, 'light'],
      [400, 'light'],
      [1280, 'dark'],
    ] as const) {
      const { page } = await openPage(browser, { width, scheme });
      await page.goto(`${at}/login`);
      await page.fill('input[name=name]', 'ana');
      await page.fill('input[name=password]', password);
      await page.keyboard.press('Enter');
      await page.waitForURL(`${at}/`);
      for (const shot of shots) {
        if (scheme === 'dark' && shot.name !== 'overview') continue;
        if (wanted.length > 0 && !wanted.includes(shot.name)) continue;
        await page.setViewportSize({ width, height: width === 400 ? 860 : 720 });
        await page.goto(at + shot.path);
        await shot.before?.(page);
        const file = `${shot.name}-${width}${scheme === 'dark' ? '-dark' : ''}.png`;
        const path = join(folder, file);
        await page.screenshot({ path, animations: 'disabled' });
        const { size } = await stat(path);
        console.log(`${file.padEnd(32)} ${Math.round(size / 1_000)} KB${size > mostBytes ? '  TOO LARGE' : ''}`);
        if (size > mostBytes) process.exitCode = 1;
      }
      await page.context().close();
    }
  } finally {
    await browser.close();
    await app.close();
    await database.close();
  }
}

function portsOf({ db }: OpenedDatabase, vault: Awaited<ReturnType<typeof createVault>>): ConsolePorts {
  return portsOfLedger(db, vault, partners, {
    ownFolders: { archivedAt: async () => null } as never,
    auditTrail: {
      log: undefined,
      signer: null,
      digests: undefined,
      ledgerId: '',
      ownCheckpoints: async () => [],
    } as never,
    settings: {
      ratePerSecond: 10,
      timeScale: 1,
      timeZone,
      quietPeriodMs: 20 * 60_000,
      callDeadlineMs: 15_000,
    } as never,
  });
}

/** What a night leaves besides rows: services, calls, deliveries, replays, an erasure. */
async function furnish(database: OpenedDatabase, ports: ConsolePorts): Promise<void> {
  const { db } = database;
  const ledger = createLedger(db, database.planned);
  const act = { actor: 'console:ana', reason: 'the API is back, ticket 8812' };
  for (const host of ['night-1', 'night-2'])
    await ledger.enrol({ id: `${host}-17`, host, pid: 17, roles: ['intake', 'worker', 'console'] });
  await sql`update worker_instance set heartbeat_at = clock_timestamp() + interval '1 hour'`.execute(db);
  await sql`insert into backlog_minute select date_trunc('minute', clock_timestamp()) - n * interval '1 minute', 'lead',
    (68 + n * 80 + (n % 7) * 9) from generate_series(0, 59) n`.execute(db);
  const tallies = createCallTallies(db);
  const buckets = [0, 4, 40, 12, 3, 1, 0, 0, 0, 0];
  await tallies.add([
    { endpoint: 'clientData', outcome: 'answered', n: 60, ms: 7_000, buckets },
    { endpoint: 'altaLead', outcome: 'answered', n: 60, ms: 21_000, buckets },
  ]);
  await sql`insert into call_minute select date_trunc('minute', clock_timestamp()) - ago * interval '1 minute', endpoint,
      outcome, 30 + (ago * 7) % 25, ms
    from call_minute cross join generate_series(1, 58) ago where ago not between 30 and 34
    on conflict do nothing`.execute(db);
  const deliveries = createDeliveryLedger(db);
  for (const [night, isBad] of [
    ['2026-11-26', false],
    ['2026-11-27', false],
    ['2026-11-28', true],
  ] as const) {
    await deliveries.endNight(
      night,
      {},
      [
        { channel: 'email', recipient: null },
        { channel: 'webhook', recipient: 'acme' },
        { channel: 'webhook', recipient: 'norte' },
      ],
      'night-1-17',
    );
    for (const one of await deliveries.claimDue(['email', 'webhook'], 10)) {
      if (isBad && one.recipient === 'norte')
        await deliveries.failed(
          one,
          { code: 'DELIVERY_RECEIVER_FAILED', httpStatus: 503, delayMs: 600_000, stop: false },
          'night-1-17',
        );
      else await deliveries.delivered(one, one.channel === 'email' ? 250 : 200);
    }
  }
  await sql`insert into erasure (actor, reason, begun_at, gathered_at, searched_at, ended_at)
    select 'cli:eva', why, at, at, at, at + interval '40 seconds' from (values
      ('request 2026-118', clock_timestamp() - interval '9 days'), ('request 2026-124', clock_timestamp() - interval '3 days')
    ) as v (why, at)`.execute(db);
  await sql`insert into audit_event (at, actor, action, partner, detail)
    select clock_timestamp() - n * interval '1 day', 'night-1-17', 'rows.destroyed', p, jsonb_build_object('rows', 120 + n * 17)
    from generate_series(1, 6) n, (values ('acme'), ('sur')) as v (p)`.execute(db);
  await sql`insert into audit_event (at, actor, action, partner, detail) values
    (clock_timestamp() - interval '2 days', 'cli:eva', 'retention.run', null, null),
    (clock_timestamp() - interval '2 days', 'cli:eva', 'key.destroyed', 'acme', '{"month": "2024-11"}')`.execute(db);
  const { id } = await ports.replays.proposeReplay({ partner: 'acme', state: 'failed' } as never, {
    ...act,
    ratePerSecond: 10,
  });
  if (id !== null) {
    await ports.replays.startReplay(id);
    await ports.replays.carryOnReplay(id, 500);
  }
  await ledger.holdFile('240', { actor: 'console:ana', reason: 'the export looks odd' });
}

async function shotsOf(
  { db }: OpenedDatabase,
  ports: ConsolePorts,
  { bigFile, registeredRow }: Awaited<ReturnType<typeof fillLedger>>,
): Promise<readonly Shot[]> {
  const { rows: found } = await sql<{ partner: string }>`select partner from ledger_row where state = 'failed'
    and partner <> 'acme' limit 1`.execute(db);
  const [replay] = await ports.replays.replayBatches(1);
  return [
    { name: 'overview', path: '/' },
    { name: 'files', path: '/files' },
    { name: 'file', path: `/files/${bigFile}` },
    { name: 'rows', path: '/rows?state=failed' },
    { name: 'lead', path: `/leads/${registeredRow}` },
    { name: 'in-doubt', path: '/in-doubt' },
    { name: 'replay-preview', path: `/replays/new?partner=${found[0]?.partner ?? 'brisa'}` },
    {
      name: 'replay',
      path: `/replays/${replay?.id ?? ''}`,
      before: async (page) => {
        await ports.replays.carryOnReplay(replay?.id ?? '', 23);
        await page.reload();
      },
    },
    { name: 'partners', path: '/partners' },
    { name: 'deliveries', path: '/deliveries' },
    { name: 'erasures', path: '/erasures' },
    { name: 'search', path: '/search' },
    { name: 'audit', path: '/audit' },
  ];
}

/** With the password above, hashed as cheaply as settings allow. */
function aUser() {
  const salt = randomBytes(16);
  const hash = scryptSync(password, salt, 32, { N: 2 ** 14, r: 8, p: 1 });
  const shown = `scrypt:14:8:1:${salt.toString('base64url')}:${hash.toString('base64url')}`;
  return { name: 'ana', role: 'admin' as const, password: shown };
}

await onOwnDatabase('screens', draw);
