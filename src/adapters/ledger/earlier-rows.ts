import { sql } from 'kysely';
import type { FaultCode } from '../../domain/faults.ts';
import type { EarlierRow } from '../../domain/earlier-row.ts';
import type { LeadRowState } from '../../domain/lead-row.ts';
import type { LedgerDatabase } from './database.ts';
import { endedLeadStates, identityStates } from './state-lists.ts';

/** The latest row of a lead, as far as it does not depend on the new row. */
export interface FoundRow extends Omit<EarlierRow, 'sameContent'> {
  readonly id: string;
  readonly fileId: string | null;
  readonly identity: string;
  readonly content: string | null;
}

/**
 * The latest row of each lead, by identity: the one that holds it, else the newest that ended. A row whose fate may still
 * change is marked as followed, under its lock: a move that comes at the same moment waits, and then sees the mark.
 */
export async function findEarlierRows(
  db: LedgerDatabase,
  partner: string,
  identities: readonly string[],
  configVersion: string,
): Promise<ReadonlyMap<string, FoundRow>> {
  const found = await latestRows(db, partner, identities);
  const open = found.filter((row) => !row.final).map((row) => row.id);
  if (open.length > 0) await lock(db, open);
  return describe(db, found, configVersion);
}

/** The same for a look: nothing is locked, so a row may move on the next moment. */
export async function lookAtEarlierRows(
  db: LedgerDatabase,
  partner: string,
  identities: readonly string[],
  configVersion: string,
): Promise<ReadonlyMap<string, FoundRow>> {
  return describe(db, await latestRows(db, partner, identities), configVersion);
}

interface LatestRow {
  readonly id: string;
  readonly final: boolean;
}

async function latestRows(
  db: LedgerDatabase,
  partner: string,
  identities: readonly string[],
): Promise<readonly LatestRow[]> {
  if (identities.length === 0) return [];
  const { rows } = await sql<LatestRow>`
    select e.id, e.state in ('registered', 'abandoned') as final
    from unnest(${identities}::uuid[]) as w(identity)
    cross join lateral (
      -- Two looks, one for each partial index: together they would match neither.
      (select id, state from ledger_row held
        where held.kind = 'lead' and held.partner = ${partner} and held.identity = w.identity
          and held.state in ${identityStates})
      union all
      (select id, state from ledger_row ended
        where ended.kind = 'lead' and ended.partner = ${partner} and ended.identity = w.identity
          and ended.state in ${endedLeadStates} order by ended.id desc limit 1)
      limit 1
    ) as e`.execute(db);
  return rows;
}

async function describe(
  db: LedgerDatabase,
  found: readonly LatestRow[],
  configVersion: string,
): Promise<ReadonlyMap<string, FoundRow>> {
  if (found.length === 0) return new Map();
  const { rows } = await sql<FoundRow & { state: LeadRowState; code: FaultCode | null }>`
    select r.id, r.file_id as "fileId", r.identity, r.state, r.code, r.content, f.config_version = ${configVersion} as "sameConfig",
      (extract(epoch from clock_timestamp() - r.updated_at) * 1000)::float8 as "ageMs"
    from ledger_row r left join file f on f.id = r.file_id
    where r.id = any (${found.map((row) => row.id)}::bigint[])`.execute(db);
  return new Map(rows.map((row) => [row.identity, row]));
}

/** In the order in which moves lock their rows, so that neither waits for the other in a circle. */
async function lock(db: LedgerDatabase, ids: readonly string[]): Promise<void> {
  await sql`select from ledger_row where id = any (${ids}::bigint[]) order by id for no key update`.execute(db);
}

/** Marks the rows that new duplicates point to: their moves are told to the leader from now on. */
export async function markFollowed(db: LedgerDatabase, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`update ledger_row set followed = true where id = any (${ids}::bigint[]) and not followed`.execute(db);
}
