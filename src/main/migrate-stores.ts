import { openForMigration, openDatabase } from '../adapters/ledger/database.ts';
import { migrateLedger } from '../adapters/ledger/migrate.ts';
import { ensureRuntimeRole, type RuntimeRole } from '../adapters/ledger/runtime-role.ts';
import { mayMigrate, readMigrations, readSchemaState } from '../adapters/ledger/schema-state.ts';
import { readStamp } from '../adapters/ledger/stamp.ts';
import { migrateQueue } from '../adapters/queue/queue-schema.ts';
import type { Config } from '../config/config.ts';
import { ConfigFault } from '../domain/config-fault.ts';
import { openLedgerStore, placeOfQueue, type LedgerStore } from './open-stores.ts';
import { describeExcess, refuseOtherVersions, requireTls } from './prepare-schema.ts';
import { unreachable } from './unreachable.ts';

/** Whom the schema belongs to, and who works in it. */
interface Owners {
  readonly adminUrl: string;
  /** Null: one role for everything. */
  readonly runtime: RuntimeRole | null;
}

/**
 * What `leadsync migrate` does: the ledger's schema, BullMQ's where the queue lives in the same database, and the rights of
 * the role of DATABASE_URL, which is made where there is none. Then looks at it as that role. Answers what to tell, a line
 * each.
 */
export async function migrateStores(config: Config, actor: string): Promise<readonly string[]> {
  const store = await openLedgerStore(config);
  try {
    const owners = ownersOf(config, store);
    const said = await migrate(owners, config, actor);
    const isOwn = store.embedded === null;
    if (owners.runtime !== null && isOwn) said.push(...(await tryAs(owners.runtime, store.url)));
    return [...said, `the ledger is at this version: ${store.says}`];
  } finally {
    await store.leave();
  }
}

function ownersOf(config: Config, { embedded, url }: LedgerStore): Owners {
  if (embedded !== null) {
    return { adminUrl: embedded.adminUrl, runtime: { name: embedded.runtimeRole, password: null } };
  }
  const { adminUrl } = config.database;
  if (adminUrl === null) return { adminUrl: url, runtime: null };
  const { username, password } = new URL(url);
  if (username === '') throw new ConfigFault('CONFIG_INVALID', 'DATABASE_URL: expected a user in it, got none');
  const runtime = {
    name: decodeURIComponent(username),
    password: password === '' ? null : decodeURIComponent(password),
  };
  return { adminUrl, runtime: new URL(adminUrl).username === username ? null : runtime };
}

async function migrate({ adminUrl, runtime }: Owners, config: Config, actor: string): Promise<string[]> {
  const admin = openForMigration(adminUrl);
  const said: string[] = [];
  try {
    if (!(await mayMigrate(admin.db))) throw notTheOwner(runtime);
    refuseOtherVersions(await readMigrations(admin.db));
    // No stamp, and no table of it, before the first start.
    requireTls(config, (await readStamp(admin.db).catch(() => null))?.environment);
    if (runtime !== null && (await ensureRuntimeRole(admin.db, runtime)) === 'made')
      said.push(`role ${runtime.name} made`);
    const applied = await migrateLedger(admin.db, { runtimeRole: runtime?.name ?? null, actor });
    said.push(`applied: ${applied.join(', ') || 'nothing, all was there'}`);
  } catch (error) {
    throw unreachable(error, 'DATABASE_ADMIN_URL') ?? error;
  } finally {
    await admin.close();
  }
  if (placeOfQueue(config).kind === 'postgres') await migrateQueue(adminUrl, runtime?.name ?? null);
  return said;
}

function notTheOwner(runtime: RuntimeRole | null): ConfigFault {
  return new ConfigFault(
    'CONFIG_INVALID',
    runtime === null
      ? 'DATABASE_ADMIN_URL: expected the same database for the owner of its schema, got nothing; the role of DATABASE_URL may not change it'
      : 'DATABASE_ADMIN_URL: expected the owner of the schema, got a role that may not change it',
  );
}

/** Two URLs of two databases would show nowhere else. */
async function tryAs({ name, password }: RuntimeRole, url: string): Promise<readonly string[]> {
  if (password === null) return [`rights granted to ${name}; not tried, DATABASE_URL has no password`];
  const own = openDatabase(url, { max: 1 });
  try {
    const state = await readSchemaState(own.db);
    if (state.kind !== 'current') {
      throw new ConfigFault(
        'CONFIG_INVALID',
        `DATABASE_URL: expected the database of DATABASE_ADMIN_URL and its tables in the search path of ${name}, got one without them`,
      );
    }
    const excess = await describeExcess(own.db);
    return [excess === null ? `role ${name} may do what the service does, and no more` : `warning: ${excess}`];
  } catch (error) {
    throw unreachable(error, 'DATABASE_URL') ?? error;
  } finally {
    await own.close();
  }
}
