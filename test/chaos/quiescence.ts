import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { PartnerFile } from './world/partner-files.ts';
import type { World } from './world/world.ts';

export interface Progress {
  readonly files: number;
  readonly settled: number;
  readonly rows: number;
  readonly ended: number;
  /** Rows with work before them, or with a person who has something to decide. */
  readonly restless: number;
}

const query = `select
  (select count(*) from file)::int as files, (select count(*) from file where state = 'settled')::int as settled,
  (select count(*) from ledger_row)::int as rows,
  (select count(*) from ledger_row where state in ('registered', 'rejected', 'duplicate', 'not_managed'))::int as ended,
  (select count(*) from ledger_row where state in
    ('received', 'waiting', 'checked', 'submitting', 'pushing', 'in_doubt', 'failed', 'registered_without_id'))::int as restless`;

/** Null while the database does not answer. */
export async function lookAtProgress(world: World): Promise<Progress | null> {
  const client = new pg.Client({ connectionString: world.postgres.url(), connectionTimeoutMillis: 3_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<Progress>(query)).rows[0] ?? null;
  } catch {
    return null;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Waits until every file is settled and no row is restless; how long that took, or null when it did not come to that. */
export async function untilQuiet(
  world: World,
  files: readonly PartnerFile[],
  withinMs: number,
): Promise<number | null> {
  const started = performance.now();
  while (performance.now() - started < withinMs) {
    const progress = await lookAtProgress(world);
    if (progress?.settled === files.length && progress.restless === 0) return performance.now() - started;
    await pause(500);
  }
  return null;
}
