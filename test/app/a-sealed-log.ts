import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { auditDigests, createAuditSigner } from '../../src/adapters/audit/signer.ts';
import { createAuditLog } from '../../src/adapters/ledger/audit-log.ts';
import { openDatabase, type LedgerDatabase } from '../../src/adapters/ledger/database.ts';
import type { AuditLog, AuditSigner } from '../../src/app/ports/audit-log.ts';
import { sealAudit } from '../../src/app/seal-audit.ts';
import { verifyAudit, type AuditVerdict } from '../../src/app/verify-audit.ts';
import { describeAuditFault } from '../../src/domain/audit-faults.ts';
import type { AuditSeal } from '../../src/domain/audit-seal.ts';
import { createLedgerDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';

export const ledgerId = '00000000-0000-4000-8000-00000000000a';

export interface SealedLog {
  readonly url: string;
  readonly adminUrl: string;
  readonly db: LedgerDatabase;
  readonly log: AuditLog;
  readonly signer: AuditSigner;
  /** What is kept outside, in the order in which it was written. */
  readonly checkpoints: AuditSeal[];
  /** So many entries in one transaction: they stand in one seal. */
  write(count: number): Promise<void>;
  /**
   * Seals until so many entries are sealed in all. Other tests' transactions on the same server hold a seal back, as a
   * service's own do: what may still be followed by an older entry has to wait.
   */
  sealUpTo(total: number, limit?: number): Promise<void>;
  /** Seals what can be sealed now. */
  seal(limit?: number): Promise<number>;
  verify(over?: { checkpoints?: readonly AuditSeal[]; keys?: ReadonlySet<string> }): Promise<AuditVerdict>;
  /** The faults in words. */
  faults(over?: { checkpoints?: readonly AuditSeal[] }): Promise<readonly string[]>;
  /** What an administrator of the database can do, and we can't. */
  tamper(statement: string): Promise<void>;
  close(): Promise<void>;
}

/** An audit log in a database of its own. */
export async function aSealedLog(label: string): Promise<SealedLog> {
  const database = await createLedgerDatabase(label);
  const { db, close } = openDatabase(database.url);
  const admin = openDatabase(database.adminUrl, { max: 1 });
  const log = createAuditLog(db);
  const signer = createAuditSigner(randomBytes(32));
  const checkpoints: AuditSeal[] = [];
  const ports = {
    auditLog: log,
    signer,
    ledgerId,
    checkpoints: {
      append: async (seal: AuditSeal) => void checkpoints.push(seal),
      newest: async () => checkpoints.at(-1)?.no ?? 0,
    },
  };
  const verify: SealedLog['verify'] = (over = {}) =>
    verifyAudit(
      { auditLog: log, digests: auditDigests },
      {
        ledger: ledgerId,
        keys: over.keys ?? new Set([signer.publicKey]),
        checkpoints: over.checkpoints ?? [],
      },
    );
  // What the migration has said of itself, so that tests can count from 1.
  await admin.db.transaction().execute(async (transaction) => {
    await sql
      .raw(`alter table audit_event disable trigger user; delete from audit_event;
      alter table audit_event enable trigger user; alter table audit_event alter seq restart`)
      .execute(transaction);
  });
  return {
    url: database.url,
    adminUrl: database.adminUrl,
    db,
    log,
    signer,
    checkpoints,
    async write(count) {
      await sql`insert into audit_event (actor, action, row_id, detail)
        select 'test', 'row.moved', n, jsonb_build_object('outcome', 'answered', 'httpStatus', 200)
        from generate_series(1, ${count}::int) as n`.execute(db);
    },
    seal: (limit) => sealAudit(ports, limit),
    async sealUpTo(total, limit) {
      await eventually(`${total} sealed entries`, async () => {
        await sealAudit(ports, limit);
        return (checkpoints.at(-1)?.total ?? 0) >= total;
      });
    },
    verify,
    faults: async (over) => (await verify(over)).faults.map(describeAuditFault),
    async tamper(statement) {
      await admin.db.transaction().execute(async (transaction) => {
        for (const table of ['audit_event', 'audit_seal'])
          await sql.raw(`alter table ${table} disable trigger user`).execute(transaction);
        await sql.raw(statement).execute(transaction);
        for (const table of ['audit_event', 'audit_seal'])
          await sql.raw(`alter table ${table} enable trigger user`).execute(transaction);
      });
    },
    async close() {
      await Promise.all([close(), admin.close()]);
      await database.drop();
    },
  };
}
