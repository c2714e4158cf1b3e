import { openForMigration, type LedgerDatabase } from '../adapters/ledger/database.ts';
import { excessiveRights } from '../adapters/ledger/look-at-rights.ts';
import { migrateLedger } from '../adapters/ledger/migrate.ts';
import { mayMigrate, readSchemaState, type SchemaState } from '../adapters/ledger/schema-state.ts';
import { migrateQueue, readQueueSchema } from '../adapters/queue/queue-schema.ts';
import type { Config } from '../config/config.ts';
import { expectedTls } from '../config/store-config.ts';
import { ConfigFault } from '../domain/config-fault.ts';
import type { LedgerStore } from './open-stores.ts';
import { unreachable } from './unreachable.ts';

/**
 * Sees to it that the ledger has this version's schema, looked at as whoever works with it. The embedded one is migrated
 * by its superuser. One of your own is migrated by `leadsync migrate`; by every command only where one role is used for
 * everything. Throws a ConfigFault that says what to do.
 */
export async function prepareLedger(config: Config, store: LedgerStore, db: LedgerDatabase): Promise<void> {
  try {
    const state = await readSchemaState(db);
    refuseOtherVersions(state);
    if (state.kind === 'behind') {
      if (store.embedded !== null) await migrateAt(store.embedded.adminUrl, store.embedded.runtimeRole);
      else if (config.database.adminUrl === null && (await mayMigrate(db))) await migrateAt(store.url, null);
      else throw schemaBehind(`the ledger lacks ${state.lacks}`);
    }
    if (config.environment === 'production') await refuseExcess(db);
  } catch (error) {
    throw unreachable(error, 'DATABASE_URL') ?? error;
  }
}

/** Sees to BullMQ's tables where the queue lives in the ledger's database, in the same way. */
export async function prepareQueue(config: Config, { url, embedded }: LedgerStore): Promise<void> {
  const { lacks, mayMigrate: may } = await readQueueSchema(url);
  if (lacks === null) return;
  if (embedded !== null) await migrateQueue(embedded.adminUrl, embedded.runtimeRole);
  else if (config.database.adminUrl === null && may) await migrateQueue(url, null);
  else throw schemaBehind(`the queue in the database of the ledger lacks ${lacks}`);
}

/** What whoever works with the ledger can do to it and need not, as a sentence; null where nothing. */
export async function describeExcess(db: LedgerDatabase): Promise<string | null> {
  const excess = await excessiveRights(db);
  if (excess.length === 0) return null;
  return `the database role of the service ${excess.join(', ')}; give it a role of its own (docs/configuration.md, Database roles)`;
}

/**
 * A ledger of production is spoken to over TLS also by commands whose environment does not say where they are. Throws a
 * ConfigFault.
 */
export function requireTls({ plainStores }: Config, environment: string | undefined): void {
  if (environment !== 'production' || plainStores.length === 0) return;
  const lines = plainStores.map((name) => `${name}: expected ${expectedTls(name)}, got a server elsewhere without TLS`);
  throw new ConfigFault('CONFIG_TLS_REQUIRED', lines.join('\n'));
}

/** Of a ledger that this version must not touch, whoever asks. Throws a ConfigFault. */
export function refuseOtherVersions(state: SchemaState): void {
  if (state.kind === 'ahead') {
    throw new ConfigFault(
      'CONFIG_SCHEMA_AHEAD',
      `the ledger has been migrated by a later leadsync, to ${state.by}; use that version here, too`,
    );
  }
  if (state.kind !== 'strange') return;
  const parts = [
    ...(state.has.length === 0 ? [] : [`has ${state.has.join(', ')}, which this version does not know`]),
    ...(state.lacks.length === 0 ? [] : [`lacks ${state.lacks.join(', ')}, though it has later ones`]),
  ];
  throw new ConfigFault(
    'CONFIG_SCHEMA_STRANGE',
    `the ledger ${parts.join(', and ')}; use the version that migrated it, or a backup that this version or an earlier one made`,
  );
}

function schemaBehind(what: string): ConfigFault {
  return new ConfigFault('CONFIG_SCHEMA_BEHIND', `${what}; run leadsync migrate with DATABASE_ADMIN_URL`);
}

async function refuseExcess(db: LedgerDatabase): Promise<void> {
  const says = await describeExcess(db);
  if (says !== null) throw new ConfigFault('CONFIG_RIGHTS_TOO_WIDE', says);
}

async function migrateAt(url: string, runtimeRole: string | null): Promise<void> {
  const admin = openForMigration(url);
  try {
    await migrateLedger(admin.db, { runtimeRole });
  } finally {
    await admin.close();
  }
}
