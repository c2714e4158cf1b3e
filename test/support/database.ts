import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

export interface TestDatabase {
  readonly url: string;
  /** Also with connections open to it. For the caller's afterAll. */
  drop(): Promise<void>;
}

/** An empty database of its own on the run's PostgreSQL, named for `label`. One that isn't dropped goes with the run. */
export async function createTestDatabase(label: string): Promise<TestDatabase> {
  const readable = label
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .slice(0, 40);
  const name = `test_${readable}_${randomBytes(4).toString('hex')}`;
  await execute(`create database ${name}`);
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => execute(`drop database if exists ${name} with (force)`) };
}

async function execute(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
