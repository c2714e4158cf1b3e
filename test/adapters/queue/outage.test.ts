import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { connectQueue } from '../../../src/adapters/queue/connect-queue.ts';
import { migrateQueue } from '../../../src/adapters/queue/queue-schema.ts';
import { joinEmbeddedDatabase } from '../../../src/adapters/postgres/embedded-database.ts';
import { eventually } from '../../support/eventually.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';

it('survives a PostgreSQL that is killed the moment the queue is connected', async () => {
  const home = await scratchFolder();
  const database = await joinEmbeddedDatabase({ home: home.path });
  await migrateQueue(database.adminUrl, database.runtimeRole);
  const queue = await connectQueue(
    { kind: 'postgres', databaseUrl: database.url },
    { prefix: 'outage', onError: () => undefined, onInfrastructureError: () => undefined },
  );
  const { promise: processed, resolve } = Promise.withResolvers<unknown>();
  await queue.work([
    {
      name: 'register-lead',
      concurrency: 1,
      process: async (payload) => {
        resolve(payload);
        return { kind: 'done', outcome: 'seen' };
      },
    },
  ]);
  const postmaster = await readFile(join(database.place, 'postmaster.pid'), 'utf8');
  process.kill(Number(postmaster.split('\n')[0]), 'SIGKILL');
  // Asked again and again, as the service's supervisor does: a server may look alive for a moment after its end.
  await eventually('the restart', async () => (await database.ensureRunning()) === 'restarted');

  const payload = { rowId: '1', version: 0 };
  const jobs = [{ name: 'register-lead', id: 'r1-v0', payload }] as const;
  // The pool's idle connections died with the server; each is found out at its next use.
  await eventually('the offer', () =>
    queue.offer(jobs).then(
      () => true,
      () => false,
    ),
  );
  expect(await processed).toEqual(payload);
  await queue.close(5_000);
  await database.leave();
  await home.remove();
});
