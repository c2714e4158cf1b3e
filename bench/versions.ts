import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findRedisServer } from '../src/adapters/redis/find-redis-server.ts';
import { onOwnDatabase } from './own-database.ts';
import pg from 'pg';

/** Of what was measured with. */
export async function versions(): Promise<Readonly<Record<string, string>>> {
  const manifest = await readFile(join(import.meta.dirname, '..', 'package.json'), 'utf8');
  const { dependencies } = JSON.parse(manifest) as { readonly dependencies: Readonly<Record<string, string>> };
  const redis = findRedisServer(process.env['PATH']);
  const said = redis === null ? '' : (await promisify(execFile)(redis, ['--version'])).stdout;
  let postgres = '';
  await onOwnDatabase('version', async (url) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    postgres = (await client.query<{ server_version: string }>('show server_version')).rows[0]?.server_version ?? '';
    await client.end();
  });
  return {
    Node: process.versions.node,
    PostgreSQL: postgres,
    Redis: /v=([\d.]+)/.exec(said)?.[1] ?? 'none',
    BullMQ: dependencies['bullmq'] ?? '',
  };
}
