import { sql, type Kysely } from 'kysely';
import { type Migration, Migrator, type MigrationProvider } from 'kysely/migration';
import * as ledger0001 from './migrations/0001-ledger.ts';
import * as followers0002 from './migrations/0002-followers.ts';
import * as readingCheckpoint0003 from './migrations/0003-reading-checkpoint.ts';
import * as inboxes0004 from './migrations/0004-inboxes.ts';
import * as heldFiles0005 from './migrations/0005-held-files.ts';
import * as apiAccounts0006 from './migrations/0006-api-accounts.ts';
import * as updates0009 from './migrations/0009-updates.ts';
import * as auditSeals0011 from './migrations/0011-audit-seals.ts';
import * as fewerReferences0012 from './migrations/0012-fewer-references.ts';
import * as mixedFiles0013 from './migrations/0013-mixed-files.ts';
import * as replays0014 from './migrations/0014-replays.ts';
import * as ledgerGap0016 from './migrations/0016-ledger-gap.ts';
import * as personIndex0018 from './migrations/0018-person-index.ts';
import * as nights0021 from './migrations/0021-nights.ts';
import * as erasures0022 from './migrations/0022-erasures.ts';
import * as console0023 from './migrations/0023-console.ts';
import * as configInForce0024 from './migrations/0024-config-in-force.ts';
import * as keyRotations0025 from './migrations/0025-key-rotations.ts';
import * as retention0026 from './migrations/0026-retention.ts';
import * as searchesAndBacklog0028 from './migrations/0028-searches-and-backlog.ts';
import * as consoleLanes0029 from './migrations/0029-console-lanes.ts';
import * as deliveries0030 from './migrations/0030-deliveries.ts';
import * as oldDeliveries0032 from './migrations/0032-old-deliveries.ts';
import * as serviceTroubles0033 from './migrations/0033-service-troubles.ts';
import * as orphanedUpdates0034 from './migrations/0034-orphaned-updates.ts';
import * as consolePosts0036 from './migrations/0036-console-posts.ts';
import * as retentionLane0037 from './migrations/0037-retention-lane.ts';
import * as updatesThatMayBeSet0038 from './migrations/0038-updates-that-may-be-set.ts';
import * as rollCall0039 from './migrations/0039-roll-call.ts';
import { grantRuntimeRights } from './grant-rights.ts';
import { installLegalMoves } from './legal-moves.ts';

const migrations = {
  '0001-ledger': ledger0001,
  '0002-followers': followers0002,
  '0003-reading-checkpoint': readingCheckpoint0003,
  '0004-inboxes': inboxes0004,
  '0005-held-files': heldFiles0005,
  '0006-api-accounts': apiAccounts0006,
  '0009-updates': updates0009,
  '0011-audit-seals': auditSeals0011,
  '0012-fewer-references': fewerReferences0012,
  '0013-mixed-files': mixedFiles0013,
  '0014-replays': replays0014,
  '0016-ledger-gap': ledgerGap0016,
  '0018-person-index': personIndex0018,
  '0021-nights': nights0021,
  '0022-erasures': erasures0022,
  '0023-console': console0023,
  '0024-config-in-force': configInForce0024,
  '0025-key-rotations': keyRotations0025,
  '0026-retention': retention0026,
  '0028-searches-and-backlog': searchesAndBacklog0028,
  '0029-console-lanes': consoleLanes0029,
  '0030-deliveries': deliveries0030,
  '0032-old-deliveries': oldDeliveries0032,
  '0033-service-troubles': serviceTroubles0033,
  '0034-orphaned-updates': orphanedUpdates0034,
  '0036-console-posts': consolePosts0036,
  '0037-retention-lane': retentionLane0037,
  '0038-updates-that-may-be-set': updatesThatMayBeSet0038,
  '0039-roll-call': rollCall0039,
};

/** All that this version knows, oldest first. */
export const migrationNames: readonly string[] = Object.keys(migrations);

/** All that are missing run in one transaction; the last one says so in the audit log. */
function auditedBy(actor: string | null): MigrationProvider {
  let from: string | null | undefined;
  const audited = Object.entries(migrations).map(([name, { up }]): [string, Migration] => [
    name,
    {
      async up(db) {
        if (from === undefined) from = await newestIn(db);
        await up(db);
        if (name !== migrationNames.at(-1)) return;
        await sql`insert into audit_event (actor, action, detail)
          values (coalesce(${actor}::text, 'database:' || current_user), 'ledger.migrated',
            ${JSON.stringify({ from, to: name })}::jsonb)`.execute(db);
      },
    },
  ]);
  return { getMigrations: async () => Object.fromEntries(audited) };
}

async function newestIn(db: Kysely<unknown>): Promise<string | null> {
  const { rows } = await sql<{ name: string | null }>`select max(name) as name from leadsync_migration`.execute(db);
  return rows[0]?.name ?? null;
}

/**
 * Brings the schema up to this version and gives `runtimeRole` its rights; does nothing that is done. For the owner of the
 * ledger. Safe to run from several processes at once (kysely locks). `actor` is who stands in the audit log; defaults to
 * the role of the database. Answers what was applied.
 */
export async function migrateLedger(
  db: Kysely<unknown>,
  { runtimeRole = null, actor = null }: { readonly runtimeRole?: string | null; readonly actor?: string | null } = {},
): Promise<readonly string[]> {
  const { error, results } = await new Migrator({
    db,
    provider: auditedBy(actor),
    migrationTableName: 'leadsync_migration',
    migrationLockTableName: 'leadsync_migration_lock',
  }).migrateToLatest();
  if (error) throw new Error('the ledger could not be migrated', { cause: error });
  const applied = (results ?? []).map((result) => result.migrationName);
  await db.transaction().execute(async (transaction) => {
    // Two processes that replace one function at once end in 'tuple concurrently updated'.
    await sql`select pg_advisory_xact_lock(hashtext('leadsync.migrate'))`.execute(transaction);
    await installLegalMoves(transaction);
    if (runtimeRole !== null) await grantRuntimeRights(transaction, runtimeRole);
  });
  return applied;
}
