import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { Pool } from 'undici';
import { stopEmbeddedDatabase } from '../src/adapters/postgres/embedded-database.ts';
import { stopPrivateRedis } from '../src/adapters/redis/private-redis.ts';
import { drop, leadsCsv, plainPartner } from '../test/e2e/leads-file.ts';
import { eventually } from '../test/support/eventually.ts';
import { startLeadsync } from '../test/support/leadsync-process.ts';

/**
 * Rows a second of one `leadsync run` with everything on, against a bare loop of the same calls with the same number of
 * them under way and nothing recorded: `node bench/updates.ts [--leads 1000] [--each 5] [--concurrency 64]`. Leads are
 * two calls a row, status updates one. From the first call that the API sees to the last, so without arrival and reading.
 * On a machine that others use as well, the processor time is what to compare: leadsync's process and the backends of its
 * PostgreSQL, from drop to result, against the thread of the loop.
 */
const { values } = parseArgs({
  options: {
    leads: { type: 'string', default: '1000' },
    each: { type: 'string', default: '5' },
    concurrency: { type: 'string', default: '64' },
  },
});
const leads = Number(values.leads);
const each = Number(values.each);
const concurrency = Number(values.concurrency);

/** Milliseconds on the clock, and of the processor. */
interface Cost {
  readonly wall: number;
  readonly own: number;
  readonly database: number;
}

/** Calls of one path. */
interface Seen {
  readonly calls: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

if (isMainThread) await measure();
else serve();

/** The remote, which answers at once: a thread of its own, the same for both. */
function serve(): void {
  const seen = new Map<string, Seen>();
  let created = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      const now = performance.now();
      const before = seen.get(path) ?? { calls: 0, firstMs: now };
      seen.set(path, { calls: before.calls + 1, firstMs: before.firstMs, lastMs: now });
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string>;
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer(path, body)));
    });
  });
  const answer = (path: string, body: Record<string, string>): object => {
    if (path === '/alta-lead') return { leadId: `F${(created += 1)}` };
    if (path === '/update-lead') return { leadId: body['leadId'] };
    return { status: 'OK', nif: body['nif'], client: false, partnerManage: true, agentId: '0051245' };
  };
  server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port));
  parentPort?.on('message', () => {
    parentPort?.postMessage(seen);
    seen.clear();
  });
}

async function measure(): Promise<void> {
  const api = new Worker(fileURLToPath(import.meta.url));
  const [port] = (await once(api, 'message')) as [number];
  const url = `http://127.0.0.1:${port}`;
  const takeSeen = async (): Promise<ReadonlyMap<string, Seen>> => {
    api.postMessage('seen');
    return ((await once(api, 'message')) as [Map<string, Seen>])[0];
  };
  const home = await mkdtemp(join(tmpdir(), 'leadsync-bench-'));
  const load = loadavg()[0]?.toFixed(1);
  try {
    const bareLeads = await bareLoop(url, leads, ['/client-data', '/alta-lead']);
    await takeSeen();
    const leadsync = await startService(home, url);
    const cpu = (): Promise<readonly [number, number]> => cpuOf(home, leadsync.child.pid ?? 0);
    async function costOf(name: string, text: string, paths: readonly string[]): Promise<Cost & { tookMs: number }> {
      const [own, database] = await cpu();
      const dropped = performance.now();
      await drop(join(home, 'inbox'), 'acme', name, text);
      await result(home, name);
      const tookMs = performance.now() - dropped;
      const [ownAfter, databaseAfter] = await cpu();
      return { wall: span(await takeSeen(), paths), own: ownAfter - own, database: databaseAfter - database, tookMs };
    }
    const ofLeads = await costOf('leads.csv', leadsCsv(leads), ['/client-data', '/alta-lead']);
    const bareUpdates = await bareLoop(url, leads * each, ['/update-lead']);
    await takeSeen();
    const ofUpdates = await costOf('updates.csv', updatesCsv(), ['/update-lead']);
    const code = await leadsync.end('SIGTERM');
    if (code !== 0) throw new Error(`leadsync ended with ${code}:\n${leadsync.output()}`);
    console.log(`${concurrency} calls at once, load before ${load}, after ${loadavg()[0]?.toFixed(1)}`);
    tell('leads, two calls', leads, ofLeads, bareLeads);
    tell('updates, one call', leads * each, ofUpdates, bareUpdates);
    console.log(`  from the drop of the updates to their result file: ${(ofUpdates.tookMs / 1_000).toFixed(1)} s`);
  } finally {
    await api.terminate();
    await Promise.all([stopEmbeddedDatabase(home), stopPrivateRedis(home)]).catch(() => undefined);
    await rm(home, { recursive: true, force: true });
  }
}

/** Of leadsync's process, and of the processes of its database that live now. */
async function cpuOf(home: string, pid: number): Promise<readonly [number, number]> {
  const postmaster = (await readFile(join(home, 'pg/postmaster.pid'), 'utf8')).split('\n')[0] ?? '';
  const children = await readFile(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8');
  const backends = await Promise.all(children.trim().split(' ').map(ticksOf));
  return [await ticksOf(String(pid)), backends.reduce((sum, ms) => sum + ms, 0)];
}

/** User and system time from /proc, at the hundred ticks a second that Linux counts. */
async function ticksOf(pid: string): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10;
}

function tell(what: string, rows: number, cost: Cost, bare: Cost): void {
  const rate = (ms: number): string => `${Math.round((rows * 1_000) / ms)} rows/s`;
  const each = (ms: number): string => `${(ms / rows).toFixed(2)} ms`;
  console.log(
    `  ${what.padEnd(18)} ${rows} rows: ${rate(cost.wall)}; bare ${rate(bare.wall)}; ratio ${(bare.wall / cost.wall).toFixed(3)}`,
  );
  console.log(
    `    processor time a row: ${each(cost.own)} and PostgreSQL ${each(cost.database)}; bare ${each(bare.own)}`,
  );
}

async function startService(home: string, url: string): Promise<ReturnType<typeof startLeadsync>> {
  await mkdir(join(home, 'partners'), { recursive: true });
  await writeFile(
    join(home, 'partners/acme.yaml'),
    `${plainPartner('acme')}limits: { rowsPerId: "off" }\ndrift: "off"\n`,
  );
  const leadsync = startLeadsync(['run'], {
    LEADSYNC_HOME: home,
    LEADSYNC_SECRET_KEY: randomBytes(32).toString('base64'),
    LEADSYNC_AUDIT_KEY: randomBytes(32).toString('base64'),
    LEADS_API_URL: url,
    LEADS_API_ENVIRONMENT: 'test',
    LEADS_API_RATE_PER_SECOND: '0',
    LEADS_API_CONCURRENCY: String(concurrency),
    LEADSYNC_ARRIVAL_AGE_MS: '200',
    LOG_LEVEL: 'warn',
  });
  await leadsync.ready();
  return leadsync;
}

/** The updates of all leads mixed, each lead's in order. */
function updatesCsv(): string {
  const lines = Array.from({ length: leads * each }, (_, index) => {
    const nth = Math.floor(index / leads) + 1;
    return `T-${(index % leads) + 1};${nth + 100};Paso ${nth}`;
  });
  return ['partnerLeadId;estado;observacion', ...lines, ''].join('\n');
}

async function result(home: string, name: string): Promise<void> {
  await eventually(
    `the result of ${name}`,
    async () => {
      const names = await readdir(join(home, 'outbox/acme')).catch(() => []);
      return names.some((one) => one.startsWith(`${name}.`) && one.endsWith('.results.csv'));
    },
    1_200_000,
  );
}

function span(seen: ReadonlyMap<string, Seen>, paths: readonly string[]): number {
  const all = paths.map((path) => seen.get(path) ?? { calls: 0, firstMs: 0, lastMs: 0 });
  return Math.max(...all.map(({ lastMs }) => lastMs)) - Math.min(...all.map(({ firstMs }) => firstMs));
}

/** The same calls by the same client. */
async function bareLoop(url: string, rows: number, paths: readonly string[]): Promise<Cost> {
  const pool = new Pool(url, { connections: concurrency, allowH2: false, pipelining: 1 });
  const body = JSON.stringify({
    leadId: 'F1',
    nif: '99000001A',
    estado: '101',
    observacion: 'Paso 1',
    partnerLeadId: 'T-1',
  });
  let next = 0;
  async function lane(): Promise<void> {
    while (next < rows) {
      next += 1;
      for (const path of paths) {
        const answer = await pool.request({
          method: 'POST',
          path,
          headers: { 'content-type': 'application/json' },
          body,
        });
        await answer.body.json();
      }
    }
  }
  const started = performance.now();
  const before = process.threadCpuUsage();
  await Promise.all(Array.from({ length: concurrency }, lane));
  const wall = performance.now() - started;
  const { user, system } = process.threadCpuUsage(before);
  await pool.close();
  return { wall, own: (user + system) / 1_000, database: 0 };
}
