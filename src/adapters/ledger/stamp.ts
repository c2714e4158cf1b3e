import { sql } from 'kysely';
import { ConfigFault } from '../../domain/config-fault.ts';
import type { LedgerDatabase } from './database.ts';

interface Stamp {
  readonly environment: string;
  readonly keyFingerprint: string;
}

export interface WrittenStamp extends Stamp {
  /** Of this ledger and no other: two ledgers on one Redis don't see each other's jobs. */
  readonly ledgerId: string;
}

/** The stamp of a ledger that has been started before. */
export async function readStamp(db: LedgerDatabase): Promise<WrittenStamp | null> {
  const { rows } = await sql<WrittenStamp>`
    select environment, key_fingerprint as "keyFingerprint", ledger_id as "ledgerId" from ledger_stamp`.execute(db);
  return rows[0] ?? null;
}

/**
 * A ledger belongs to one environment and one identity key: the first start writes both down, every later one is
 * compared. Throws a ConfigFault that names what was expected and what was found.
 */
export async function stampLedger(db: LedgerDatabase, stamp: Stamp): Promise<WrittenStamp> {
  await sql`insert into ledger_stamp (environment, key_fingerprint)
    values (${stamp.environment}, ${stamp.keyFingerprint}) on conflict (one) do nothing`.execute(db);
  const written = await readStamp(db);
  if (written === null) throw new Error('the ledger was stamped and has no stamp');
  if (written.environment !== stamp.environment) {
    throw new ConfigFault(
      'CONFIG_ENVIRONMENT_MISMATCH',
      `LEADS_API_ENVIRONMENT: expected ${written.environment}, to which this ledger belongs, got ${stamp.environment}; use another LEADSYNC_HOME or DATABASE_URL for ${stamp.environment}`,
    );
  }
  if (written.keyFingerprint !== stamp.keyFingerprint) {
    throw new ConfigFault(
      'CONFIG_KEY_MISMATCH',
      'LEADSYNC_SECRET_KEY: expected the key that this ledger was made with, got another; a new key would create every lead again, so start with the old one',
    );
  }
  return written;
}
