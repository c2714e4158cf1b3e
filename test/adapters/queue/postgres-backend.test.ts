import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { openQueue, rowJob } from './queue-under-test.ts';
import { recordingProcessor } from './recording-processor.ts';

const name = 'register-lead';

test('goes on when all its connections are cut', async () => {
  const { connection, databaseUrl } = await openQueue('postgres');
  const processor = recordingProcessor();
  await connection.work([{ name, concurrency: 1, process: processor.process }]);
  await connection.offer([rowJob('r1-v1')]);
  await processor.next();

  const outsider = await openClient(databaseUrl);
  await outsider.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  await eventually('an offer that is taken', () => isTaken(connection.offer([rowJob('r2-v1')])));
  expect((await processor.next()).jobId).toBe('r2-v1');
});

test('needs no more connections than its one pool, with a worker for every type', async () => {
  const { connection, databaseUrl } = await openQueue('postgres');
  const processor = recordingProcessor();
  const types = ['ingest-file', name, 'push-status', 'settle-file'] as const;
  await connection.work(types.map((type) => ({ name: type, concurrency: 50, process: processor.process })));
  await connection.offer(Array.from({ length: 500 }, (_, index) => rowJob(`r${index}-v1`)));
  const outsider = await openClient(databaseUrl);
  await eventually('500 jobs done', async () => (await connection.load(name)) === 0);
  expect(processor.runs).toHaveLength(500);
  const { rows } = await outsider.query<{ open: number }>(
    // The server's own vacuum is no connection.
    `select count(*)::int as open from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
  );
  expect(rows[0]?.open).toBeLessThanOrEqual(12);
});

async function openClient(databaseUrl: string | null): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl ?? '' });
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

function isTaken(offer: Promise<void>): Promise<boolean> {
  return offer.then(
    () => true,
    () => false,
  );
}
