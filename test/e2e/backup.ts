import pg from 'pg';
import { inject } from 'vitest';

export interface Backup {
  /** The database is again what it was, under the same address. Whoever was connected is thrown out. */
  bringBack(): Promise<void>;
  remove(): Promise<void>;
}

/** Everything that is in a database of the run's PostgreSQL now. Whoever is connected is thrown out. */
export async function backUp(url: string): Promise<Backup> {
  const name = new URL(url).pathname.slice(1);
  const copy = `${name}_backup`;
  await replace(copy, name);
  return {
    bringBack: () => replace(name, copy),
    remove: () => asAdmin([`drop database if exists ${copy} with (force)`]),
  };
}

function replace(name: string, template: string): Promise<void> {
  return asAdmin([
    `drop database if exists ${name} with (force)`,
    `alter database ${template} allow_connections false`,
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '${template}'`,
    `create database ${name} template ${template}`,
    `alter database ${template} allow_connections true`,
  ]);
}

async function asAdmin(statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
