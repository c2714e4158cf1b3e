import { spawnSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import pg from 'pg';
import { csvRecordReader } from '../src/adapters/csv/csv-record-reader.ts';
import { openDatabase } from '../src/adapters/ledger/database.ts';
import { migrateLedger } from '../src/adapters/ledger/migrate.ts';
import { joinEmbeddedDatabase, stopEmbeddedDatabase } from '../src/adapters/postgres/embedded-database.ts';
import { ingestFile } from '../src/app/ingest-file.ts';
import { keepYoungHeapSmall } from '../src/main/young-heap.ts';
import { anIntake } from '../test/app/an-intake.ts';

/**
 * What reading costs: `node bench/read.ts [--rows 100000] [--many 1000000] [--rounds 3]`. Side by side on the same file,
 * the best of some rounds: csv-parse alone (arrays, the file in memory), the reader, and the whole way into the ledger
 * (read, map, validate, encrypt, commit). Then the peak memory of a process that takes in few rows and many. With
 * DATABASE_URL on that server, else on an embedded PostgreSQL in a folder of its own.
 */
const self = fileURLToPath(import.meta.url);
const limits = { maxBytes: 2 ** 40, maxRows: 2 ** 31, maxCell: 32_767 };
const controlLetters = 'TRWAGMYFPDXBNJZSQVHLCKE';

function* csvOf(rows: number): Generator<string> {
  yield 'ID;NIF;Nombre;Apellidos;Teléfono;Correo;Código postal;Acepta política de privacidad;Producto;Campaña\r\n';
  let block = '';
  for (let n = 1; n <= rows; n++) {
    const digits = 10_000_000 + n;
    const nif = `${digits}${controlLetters[digits % 23] ?? ''}`;
    const name = n % 3 === 0 ? '"María José ""Mari"""' : 'Íñigo';
    block += `B-${n};${nif};${name};Muñoz Núñez;6${String(n).padStart(8, '0')};p${n}@example.org;28013;sí;1;otoño 2026\r\n`;
    if (block.length > 100_000) {
      yield block;
      block = '';
    }
  }
  yield block;
}

/** Milliseconds on the clock, and of this process alone: on a busy machine the second is the one to compare. */
interface Cost {
  readonly wall: number;
  readonly own: number;
}

async function costOf(work: () => unknown): Promise<Cost> {
  const started = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: performance.now() - started, own: (user + system) / 1000 };
}

async function csvParseAlone(path: string): Promise<Cost> {
  const bytes = await readFile(path);
  return costOf(() => parse(bytes, { delimiter: ';' }));
}

async function reader(path: string): Promise<void> {
  const opened = await csvRecordReader.open(path, { match: '*' }, limits);
  if ('fault' in opened) throw new Error(opened.fault);
  let rows = 0;
  for await (const record of opened.records) rows += 'cells' in record ? 1 : 0;
}

/** From the claimed file to its last committed row. */
async function ingest(path: string, url: string, home: string): Promise<Cost> {
  const intake = await anIntake(url, home, { limits: { ...limits, checksPerDay: 1, rowsPerId: null } });
  const fileId = await intake.accept(path);
  const cost = await costOf(async () => {
    const end = await ingestFile(intake.ports, fileId, new AbortController().signal);
    if (end.kind !== 'done' || end.outcome !== 'read') throw new Error(JSON.stringify(end));
  });
  await intake.close();
  return cost;
}

async function withDatabase<T>(server: string, use: (url: string) => Promise<T>): Promise<T> {
  const name = `bench_${process.pid}_${Math.round(performance.now())}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  await execute(server, `create database ${name}`);
  const { db, close } = openDatabase(url.href);
  await migrateLedger(db);
  await close();
  try {
    return await use(url.href);
  } finally {
    await execute(server, `drop database ${name} with (force)`);
  }
}

async function execute(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(statement);
  await client.end();
}

/** MiB at the peak of a process that does nothing else. */
function peakOf(what: 'reader' | 'ingest', path: string, url: string, home: string): number {
  const { stdout, stderr } = spawnSync(process.execPath, [
    self,
    '--only',
    what,
    '--file',
    path,
    '--url',
    url,
    '--home',
    home,
  ]);
  const peak = Number(stdout.toString().trim());
  if (!(peak > 0)) throw new Error(stderr.toString());
  return peak;
}

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    many: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    file: { type: 'string', default: '' },
    url: { type: 'string', default: '' },
    home: { type: 'string', default: '' },
  },
});

if (values.only !== undefined) {
  keepYoungHeapSmall();
  await (values.only === 'reader' ? reader(values.file) : ingest(values.file, values.url, values.home));
  console.log((process.resourceUsage().maxRSS / 1024).toFixed(0));
} else {
  const folder = await mkdtemp(join(tmpdir(), 'leadsync-bench-'));
  const home = join(folder, 'home');
  await mkdir(home, { recursive: true });
  const given = process.env['DATABASE_URL'];
  const embedded = given === undefined ? await joinEmbeddedDatabase({ home }) : null;
  const server = given ?? embedded?.adminUrl ?? '';
  try {
    const ratios = await compare(folder, server, home);
    const peaks = await weigh(folder, server, home);
    if (values.json) console.log(JSON.stringify({ ratios, peaks }));
  } finally {
    await embedded?.leave();
    await stopEmbeddedDatabase(home).catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  }
}

async function write(folder: string, rows: number): Promise<string> {
  const path = join(folder, `${rows}.csv`);
  await pipeline(csvOf(rows), createWriteStream(path));
  return path;
}

/** Of each round: csv-parse alone beside the way into the ledger, by the clock. */
async function compare(folder: string, server: string, home: string): Promise<readonly number[]> {
  const rows = Number(values.rows);
  const path = await write(folder, rows);
  const costs: Record<string, Cost[]> = { 'csv-parse alone': [], reader: [], 'into the ledger': [] };
  for (let round = 0; round < Number(values.rounds); round++) {
    costs['csv-parse alone']?.push(await csvParseAlone(path));
    costs['reader']?.push(await costOf(() => reader(path)));
    costs['into the ledger']?.push(await withDatabase(server, (url) => ingest(path, url, home)));
  }
  const megabytes = ((await stat(path)).size / 2 ** 20).toFixed(0);
  say(`${rows} rows, ${megabytes} MiB, best of ${values.rounds}, µs/row: clock, and this process alone`);
  const best = (name: string, of: keyof Cost): number => Math.min(...(costs[name] ?? []).map((cost) => cost[of]));
  for (const name of Object.keys(costs)) {
    const told = (['wall', 'own'] as const).map((of) => {
      const ratio = best('csv-parse alone', of) / best(name, of);
      return `${((best(name, of) * 1000) / rows).toFixed(1).padStart(7)} (ratio ${ratio.toFixed(3)})`;
    });
    say(`  ${name.padEnd(16)} ${told.join('   ')}`);
  }
  const alone = costs['csv-parse alone'] ?? [];
  return (costs['into the ledger'] ?? []).map(({ wall }, round) => (alone[round]?.wall ?? 0) / wall);
}

/** MiB of the process that takes in few rows, and of the one that takes in many. */
async function weigh(folder: string, server: string, home: string): Promise<readonly number[]> {
  const peaks: number[] = [];
  for (const what of ['reader', 'ingest'] as const) {
    for (const rows of [Number(values.rows), Number(values.many)]) {
      const path = await write(folder, rows);
      const peak = await withDatabase(server, async (url) => peakOf(what, path, url, home));
      say(`  peak memory, ${what}, ${rows} rows: ${peak} MiB`);
      if (what === 'ingest') peaks.push(peak);
      await rm(path);
    }
  }
  return peaks;
}

function say(line: string): void {
  if (!values.json) console.log(line);
}
