import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { openForMigration } from '../../src/adapters/ledger/database.ts';
import { migrateLedger } from '../../src/adapters/ledger/migrate.ts';

export interface TestDatabase {
  readonly url: string;
  /** Also with connections open to it. For the caller's afterAll. */
  drop(): Promise<void>;
}

export interface LedgerTestDatabase extends TestDatabase {
  /** For the role that a service works as. */
  readonly url: string;
  /** For the owner of the schema: what a test arranges and a service must not be able to. */
  readonly adminUrl: string;
}

/**
 * An empty database of its own on the run's PostgreSQL, named for `label`, or a copy of the database `template`, to which
 * nobody is connected. One that isn't dropped goes with the run.
 */
export async function createTestDatabase(label: string, template = 'template1'): Promise<TestDatabase> {
  const { adminUrl, drop } = await create(label, template);
  return { url: adminUrl, drop };
}

/** A database of its own with an empty ledger in it, as `leadsync migrate` leaves it. */
export async function createLedgerDatabase(label: string): Promise<LedgerTestDatabase> {
  const database = await create(label);
  const admin = openForMigration(database.adminUrl);
  await migrateLedger(admin.db, { runtimeRole: decodeURIComponent(new URL(database.url).username) });
  await admin.close();
  return database;
}

async function create(label: string, template = 'template1'): Promise<LedgerTestDatabase> {
  const readable = label
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .slice(0, 40);
  const name = `test_${readable}_${randomBytes(4).toString('hex')}`;
  await execute(`create database ${name} template ${template}`);
  const [adminUrl, url] = [new URL(inject('postgresUrl')), new URL(inject('runtimeUrl'))];
  for (const one of [adminUrl, url]) one.pathname = `/${name}`;
  return {
    url: url.href,
    adminUrl: adminUrl.href,
    drop: () => execute(`drop database if exists ${name} with (force)`),
  };
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
