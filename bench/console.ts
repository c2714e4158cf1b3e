import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { createVault } from '../src/adapters/crypto/vault.ts';
import { openDatabase } from '../src/adapters/ledger/database.ts';
import { createKeyStore } from '../src/adapters/ledger/key-store.ts';
import { migrateLedger } from '../src/adapters/ledger/migrate.ts';
import { createConsole } from '../src/console/console.ts';
import { fillLedger } from '../test/support/large-ledger.ts';
import { nightlyPartners, portsOfLedger, timeZone } from './console-of-ledger.ts';
import { onOwnDatabase } from './own-database.ts';

/**
 * How long the console's pages take on a large ledger: `node bench/console.ts [--rows 1000000] [--rounds 60]`. Each page
 * over HTTP, milliseconds to the end of its answer: median, 95th percentile and slowest. Ends with 1 where a page's 95th
 * percentile is 150 ms or more. With DATABASE_URL on that server, else on an embedded PostgreSQL in a folder of its own.
 */
const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '60' } },
});
const [rows, rounds] = [Number(values.rows), Number(values.rounds)];
const budgetMs = 150;

async function run(url: string): Promise<void> {
  const database = openDatabase(url, { max: 3 });
  await migrateLedger(database.db);
  const vault = await createVault({
    secret: randomBytes(32),
    keyStore: createKeyStore(database.db),
    now: () => new Date(),
  });
  const begun = performance.now();
  const { bigFile, newestFile, registeredRow } = await fillLedger(url, vault, rows);
  console.log(`${rows} rows written in ${Math.round((performance.now() - begun) / 1_000)} s; ${rounds} rounds, ms:`);
  const app = createConsole(portsOfLedger(database.db, vault, nightlyPartners()), {
    users: [],
    host: '127.0.0.1',
    port: 0,
    url: null,
    tls: null,
    version: 'bench',
    surroundings: { home: '', environment: 'test', ledger: '', queue: '', api: '', timeZone },
  });
  try {
    const at = await app.listen({ host: '127.0.0.1', port: 0 });
    const middle = await middleOf(database, bigFile);
    console.log(`  ${'page'.padEnd(52)} ${'median'.padStart(8)} ${'95 %'.padStart(8)} ${'slowest'.padStart(8)}`);
    const pages = [
      // Asks nobody: what the machine takes for an answer at all.
      '/healthz',
      '/',
      '/files',
      `/files?partner=rara`,
      `/files/${bigFile}`,
      `/files/${newestFile}`,
      '/rows',
      `/rows?after=${registeredRow}`,
      '/rows?state=in_doubt',
      '/rows?state=rejected&code=ROW_PHONE_INVALID',
      '/rows?state=waiting',
      '/rows?partner=rara',
      '/rows?partner=rara&state=failed',
      '/rows?partner=sur&state=duplicate',
      `/rows?file=${bigFile}`,
      `/rows?file=${bigFile}&after=${middle}`,
      `/rows?file=${bigFile}&state=failed&after=${middle}`,
      // Nothing fits: the longest that a page looks.
      '/rows?code=FILE_EMPTY',
      '/rows?state=rejected&code=FILE_EMPTY',
      '/rows?since=1h',
      '/rows?until=2020-01-01',
      `/leads/${registeredRow}`,
      '/in-doubt',
      '/in-doubt?partner=sur',
      '/in-doubt?partner=rara',
      '/replays',
      '/replays/new',
      '/replays/new?partner=acme&state=failed',
      '/replays/new?code=ROW_PHONE_INVALID',
      '/replays/new?partner=acme&state=rejected',
      '/partners',
      '/partners/acme',
      '/deliveries',
      '/erasures',
      '/search',
      '/audit',
      '/audit?who=all',
      '/audit?who=all&action=row.in_doubt',
      '/audit?who=all&action=nothing&until=10d',
      `/audit?row=${registeredRow}`,
      `/audit?file=${bigFile}`,
      '/metrics',
    ];
    for (const path of pages) await time(`${at}${path}`, path);
  } finally {
    await app.close();
    await database.close();
  }
}

async function middleOf({ db }: ReturnType<typeof openDatabase>, fileId: string): Promise<string> {
  const { sql } = await import('kysely');
  const { rows: found } = await sql<{ id: string }>`select id::text as id from ledger_row where file_id = ${fileId}
    order by row_number offset (select row_count / 2 from file where id = ${fileId}) limit 1`.execute(db);
  return found[0]?.id ?? '1';
}

async function time(url: string, path: string): Promise<void> {
  const took: number[] = [];
  // The first ones find nothing in memory, and are no news of the page.
  for (let round = -3; round < rounds; round += 1) {
    const from = performance.now();
    const answer = await fetch(url);
    const body = await answer.text();
    if (round >= 0) took.push(performance.now() - from);
    if (!answer.ok || body === '') throw new Error(`${path}: ${answer.status}`);
  }
  took.sort((one, other) => one - other);
  const at = (share: number) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0;
  const [median, p95, slowest] = [at(0.5), at(0.95), at(1)];
  const [a, b, c] = [median, p95, slowest].map((ms) => ms.toFixed(1).padStart(8));
  console.log(`  ${path.padEnd(52)} ${a} ${b} ${c}${p95 < budgetMs ? '' : '  TOO LONG'}`);
  if (p95 >= budgetMs) process.exitCode = 1;
}

await onOwnDatabase('console', run);
