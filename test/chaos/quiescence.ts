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
  /** Erasures, rows and files of which something is still to be taken. */
  readonly erasing: number;
}

const query = `select
  (select count(*) from file)::int as files, (select count(*) from file where state = 'settled')::int as settled,
  (select count(*) from ledger_row)::int as rows,
  (select count(*) from ledger_row where state in ('registered', 'rejected', 'duplicate', 'not_managed'))::int as ended,
  (select count(*) from ledger_row where state in
    ('received', 'waiting', 'checked', 'submitting', 'pushing', 'in_doubt', 'failed', 'registered_without_id'))::int as restless,
  (select (select count(*) from erasure where ended_at is null) + (select count(*) from erasing_row)
    + (select count(*) from erasing_file))::int as erasing`;

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

/**
 * Waits until every file is settled, no row is restless and nothing is left to erase; how long that took, or null when it did
 * not come to that.
 */
export async function untilQuiet(
  world: World,
  files: readonly PartnerFile[],
  withinMs: number,
  isAsked: () => boolean = () => true,
): Promise<number | null> {
  const started = performance.now();
  while (performance.now() - started < withinMs) {
    const progress = await lookAtProgress(world);
    const isQuiet = progress?.settled === files.length && progress.restless === 0 && progress.erasing === 0;
    if (isQuiet && isAsked()) return performance.now() - started;
    await pause(500);
  }
  return null;
}
