import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { joinEmbeddedDatabase, stopEmbeddedDatabase } from '../src/adapters/postgres/embedded-database.ts';

/**
 * Works on an empty database of its own, as its owner, and takes it away: with DATABASE_URL on that server, else on an
 * embedded PostgreSQL in a folder that goes as well.
 */
export async function onOwnDatabase(label: string, work: (url: string) => Promise<void>): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'leadsync-bench-'));
  const given = process.env['DATABASE_URL'];
  const embedded = given === undefined ? await joinEmbeddedDatabase({ home }) : null;
  const serverUrl = given ?? embedded?.adminUrl ?? '';
  const server = new pg.Client({ connectionString: serverUrl });
  const name = `bench_${label}_${process.pid}`;
  try {
    await server.connect();
    await server.query(`create database ${name}`);
    const url = new URL(serverUrl);
    url.pathname = `/${name}`;
    await work(url.href);
  } finally {
    await server.query(`drop database if exists ${name} with (force)`);
    await server.end();
    await embedded?.leave();
    await stopEmbeddedDatabase(home).catch(() => undefined);
    await rm(home, { recursive: true, force: true });
  }
}
