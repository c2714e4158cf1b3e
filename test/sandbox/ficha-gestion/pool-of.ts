import { Pool } from 'pg';

/** For a database that is dropped right after `end()`, which doesn't wait until its connections are closed. */
export function poolOf(url: string): Pool {
  const pool = new Pool({ connectionString: url });
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}
