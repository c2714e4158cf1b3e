import { randomBytes } from 'node:crypto';
import { createPostgresBackend, type Job, Queue, withBackend } from 'bullmq';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { connectQueue, type QueueConnection, type QueueOptions } from '../../../src/adapters/queue/connect-queue.ts';
import { migrateQueue } from '../../../src/adapters/queue/queue-schema.ts';
import type { Job as OfferedJob, JobName } from '../../../src/app/ports/job-queue.ts';
import { createLedgerDatabase } from '../../support/database.ts';
import { testRedisUrl } from '../../support/redis.ts';

export type Kind = 'redis' | 'postgres';

/** The backends of this machine: every behaviour is demanded of each. */
export const kinds: readonly Kind[] = testRedisUrl() === null ? ['postgres'] : ['redis', 'postgres'];

/** What a person uses besides us: BullMQ's own queue, as Bull Board does. */
export interface PersonsQueue {
  getJob(id: string): Promise<Job | undefined>;
  pause(): Promise<void>;
}

export interface QueueUnderTest {
  readonly connection: QueueConnection;
  readonly errors: string[];
  readonly infrastructureErrors: [JobName, string, unknown][];
  /** Another process on the same queue. */
  again(options?: Partial<QueueOptions>): Promise<QueueUnderTest>;
  person(name: JobName): PersonsQueue;
  /** As seen from outside, with BullMQ's tables in it. Null on Redis. */
  readonly databaseUrl: string | null;
}

/** A queue of the test's own, closed and removed after it. */
export async function openQueue(kind: Kind, options: Partial<QueueOptions> = {}): Promise<QueueUnderTest> {
  const prefix = `test-${randomBytes(6).toString('hex')}`;
  if (kind === 'redis') return connect({ kind, url: testRedisUrl() ?? '', prefix }, options);
  const database = await createLedgerDatabase('queue');
  onTestFinished(database.drop);
  await migrateQueue(database.adminUrl, decodeURIComponent(new URL(database.url).username));
  return connect({ kind, url: database.url, prefix }, options);
}

interface Place {
  readonly kind: Kind;
  readonly url: string;
  readonly prefix: string;
}

async function connect(place: Place, options: Partial<QueueOptions>): Promise<QueueUnderTest> {
  const errors: string[] = [];
  const infrastructureErrors: QueueUnderTest['infrastructureErrors'] = [];
  const { kind, url, prefix } = place;
  const connection = await connectQueue(kind === 'redis' ? { kind, url } : { kind, databaseUrl: url }, {
    prefix,
    onError: (code) => errors.push(code),
    onInfrastructureError: (...about) => infrastructureErrors.push(about),
    ...options,
  });
  onTestFinished(() => void connection.close(0));
  return {
    connection,
    errors,
    infrastructureErrors,
    again: (other = {}) => connect(place, { ...options, ...other }),
    person: (name) => openPersonsQueue(place, name),
    databaseUrl: kind === 'postgres' ? url : null,
  };
}

function openPersonsQueue({ kind, url, prefix }: Place, name: JobName): PersonsQueue {
  if (kind === 'redis') {
    const queue = new Queue(name, { connection: { url }, prefix });
    onTestFinished(() => queue.close());
    return queue;
  }
  const pool = new pg.Pool({ connectionString: url, options: '-c search_path=bullmq', max: 2 });
  // The database is dropped under it.
  pool.on('error', () => undefined);
  const queue = new (withBackend(createPostgresBackend).Queue)(name, { connection: pool as never });
  queue.on('error', () => undefined);
  onTestFinished(async () => {
    await queue.close();
    await pool.end();
  });
  return queue as unknown as PersonsQueue;
}

export function rowJob(id: string, payload: OfferedJob['payload'] = { rowId: '7', version: 3 }): OfferedJob {
  return { name: 'register-lead', id, payload };
}
