import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopEmbeddedDatabase } from '../src/adapters/postgres/embedded-database.ts';
import { stopPrivateRedis } from '../src/adapters/redis/private-redis.ts';
import { drop, plainPartner } from '../test/e2e/leads-file.ts';
import { eventually } from '../test/support/eventually.ts';
import { runLeadsync, startLeadsync, type LeadsyncProcess } from '../test/support/leadsync-process.ts';

export interface Installation {
  readonly home: string;
  /** What a command of ours would be given. */
  readonly environment: Readonly<Record<string, string>>;
  /** Drops a file and waits for its result; milliseconds from its last byte on. */
  carry(name: string, text: string): Promise<number>;
  /** The most that its first service has had in memory so far, of all of its parts; MiB. NaN where Linux does not tell. */
  peakMiB(): Promise<number>;
  /** Ends the services, as a person would. */
  stop(): Promise<void>;
  /** Stops the services and looks whether any promise was broken: throws if so. `rows` is what was carried in all. */
  close(rows: number): Promise<void>;
  /** Whatever still runs. */
  abandon(): Promise<void>;
}

/** Everything is on but the limits that protect an API: a benchmark's remote needs no protection. */
export async function install(options: {
  readonly url: string;
  readonly concurrency: number;
  readonly processes?: number;
  readonly backend?: 'redis' | 'postgres';
  /** Into this folder the services write what their processors did. */
  readonly profiles?: string;
}): Promise<Installation> {
  const { url, concurrency, processes = 1, backend = 'redis', profiles } = options;
  const home = await mkdtemp(join(tmpdir(), 'leadsync-bench-'));
  const environment = {
    LEADSYNC_HOME: home,
    LEADSYNC_SECRET_KEY: randomBytes(32).toString('base64'),
    LEADSYNC_AUDIT_KEY: randomBytes(32).toString('base64'),
    LEADSYNC_QUEUE_BACKEND: backend,
    LEADS_API_URL: url,
    LEADS_API_ENVIRONMENT: 'test',
    LEADS_API_RATE_PER_SECOND: '0',
    LEADS_API_CONCURRENCY: String(concurrency),
    LEADSYNC_ARRIVAL_AGE_MS: String(arrivalMs),
    LOG_LEVEL: 'warn',
    ...(profiles === undefined ? {} : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profiles}` }),
  };
  await mkdir(join(home, 'partners'), { recursive: true });
  await writeFile(
    join(home, 'partners/acme.yaml'),
    `${plainPartner('acme')}limits: { rowsPerId: "off" }\ndrift: "off"\n`,
  );
  const services: LeadsyncProcess[] = [];
  async function stop(): Promise<void> {
    for (const service of services.splice(0)) {
      const code = await service.end('SIGTERM');
      if (code !== 0) throw new Error(`leadsync ended with ${code}:\n${service.output()}`);
    }
  }
  async function abandon(): Promise<void> {
    for (const service of services.splice(0)) await service.end('SIGKILL');
    await Promise.all([stopEmbeddedDatabase(home), stopPrivateRedis(home)]).catch(() => undefined);
    await rm(home, { recursive: true, force: true });
  }
  try {
    for (let n = 0; n < processes; n += 1) {
      const service = startLeadsync(['run'], environment);
      services.push(service);
      await service.ready();
    }
  } catch (error) {
    await abandon();
    throw error;
  }

  return {
    home,
    environment,
    stop,
    async peakMiB() {
      const status = await readFile(`/proc/${services[0]?.child.pid}/status`, 'utf8').catch(() => '');
      return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1_024;
    },
    async carry(name, text) {
      await drop(join(home, 'inbox'), 'acme', name, text);
      const dropped = performance.now();
      await eventually(`the result of ${name}`, () => hasResult(home, name), 1_800_000);
      return performance.now() - dropped;
    },
    async close(rows) {
      await stop();
      const status = await demand(['status', '--json'], environment);
      const counts = (JSON.parse(status) as { rows: Record<string, Record<string, number>> }).rows;
      const done = (counts['lead']?.['registered'] ?? 0) + (counts['update']?.['pushed'] ?? 0);
      if (done !== rows) throw new Error(`${rows} rows were carried, and the ledger says: ${JSON.stringify(counts)}`);
      await demand(['audit', 'verify'], environment);
      await abandon();
    },
    abandon,
  };
}

/** How long a file must have lain still before it is taken. */
export const arrivalMs = 200;

async function demand(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<string> {
  const { code, stdout, output } = await runLeadsync(args, environment);
  if (code !== 0) throw new Error(`leadsync ${args.join(' ')} ended with ${code}:\n${output}`);
  return stdout;
}

async function hasResult(home: string, name: string): Promise<boolean> {
  const names = await readdir(join(home, 'outbox/acme')).catch(() => []);
  return names.some((one) => one.startsWith(`${name}.`) && one.endsWith('.results.csv'));
}
