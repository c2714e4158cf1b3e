import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Queue } from 'bullmq';
import pg from 'pg';
import { joinEmbeddedDatabase, stopEmbeddedDatabase } from '../src/adapters/postgres/embedded-database.ts';
import { findRedisServer } from '../src/adapters/redis/find-redis-server.ts';
import { joinPrivateRedis, stopPrivateRedis } from '../src/adapters/redis/private-redis.ts';
import { nifOf } from '../test/e2e/leads-file.ts';
import { eventually } from '../test/support/eventually.ts';

export interface PlainBullmq {
  /** Puts rows into its table and jobs into its queue, and waits until all are done. */
  carry(rows: number): Promise<void>;
  stop(): Promise<void>;
}

/** What leadsync is compared with, on a PostgreSQL and a Redis of the same kind. */
export async function startPlainBullmq(url: string, concurrency: number): Promise<PlainBullmq> {
  const binary = findRedisServer(process.env['PATH']);
  if (binary === null) throw new Error('plain BullMQ needs a redis-server on the PATH');
  const home = await mkdtemp(join(tmpdir(), 'leadsync-bench-plain-'));
  const [database, redis] = await Promise.all([joinEmbeddedDatabase({ home }), joinPrivateRedis({ home, binary })]);
  const client = new pg.Client({ connectionString: database.adminUrl });
  await client.connect();
  await client.query(`create table plain (id bigint generated always as identity primary key, own_id text not null,
    nif text not null, state text not null default 'received', answer jsonb, sent_at timestamptz, lead_id text)`);
  const queue = new Queue('plain', { connection: { url: redis.url } });
  const worker: ChildProcess = fork(join(import.meta.dirname, 'plain-bullmq-worker.ts'), {
    env: {
      PATH: process.env['PATH'] ?? '',
      REDIS_URL: redis.url,
      DATABASE_URL: database.adminUrl,
      LEADS_API_URL: url,
      CONCURRENCY: String(concurrency),
    },
  });
  await once(worker, 'message');
  let runs = 0;
  return {
    async carry(rows) {
      const run = (runs += 1);
      const numbers = Array.from({ length: rows }, (_, n) => n);
      const { rows: added } = await client.query<{ id: string }>(
        'insert into plain (own_id, nif) select * from unnest($1::text[], $2::text[]) returning id',
        [numbers.map((n) => `plain-${run}-${n}`), numbers.map(nifOf)],
      );
      await queue.addBulk(added.map(({ id }) => ({ name: 'row', data: { id: Number(id) }, opts: { attempts: 6 } })));
      await eventually(
        'every row of plain BullMQ',
        async () => (await queue.getJobCountByTypes('waiting', 'active', 'delayed', 'prioritized')) === 0,
        1_800_000,
      );
      const { rows: left } = await client.query(`select from plain where state <> 'registered'`);
      if (left.length > 0) throw new Error(`plain BullMQ left ${left.length} rows undone`);
    },
    async stop() {
      worker.kill('SIGTERM');
      await once(worker, 'exit');
      await queue.close();
      await client.end();
      await Promise.all([database.leave(), redis.leave()]);
      await Promise.all([stopEmbeddedDatabase(home), stopPrivateRedis(home)]).catch(() => undefined);
      await rm(home, { recursive: true, force: true });
    },
  };
}
