import { sql, type RawBuilder } from 'kysely';
import type { AuditLog, UnsealedBatch } from '../../app/ports/audit-log.ts';
import { readEntry, type AuditEntry } from '../../domain/audit-entry.ts';
import type { AuditSeal, SealedBatch } from '../../domain/audit-seal.ts';
import { auditLine, utc } from './audit-line.ts';
import type { LedgerDatabase } from './database.ts';

const sealColumns = sql.raw(`no, ledger, previous, entries, total::float8 as total, first_seq as "firstSeq",
  last_seq as "lastSeq", through_txid::text as "throughTxid", ${utc('sealed_at')} as "sealedAt", digest, hash, key,
  signature`);

/** The audit log and its seals in the ledger. Entries are inserted by the statements that change something. */
export function createAuditLog(db: LedgerDatabase): AuditLog {
  return {
    async entries(afterSeq, limit) {
      const page = sql`(select * from audit_event where seq > ${afterSeq} order by seq limit ${limit})`;
      return readLines(db, sql`${page} e`);
    },
    async seals(afterNo, limit) {
      const { rows } = await sql<AuditSeal & { seqs: string; digests: Uint8Array }>`
        select ${sealColumns}, array_to_string(seqs, ',') as seqs, digests
        from audit_seal where no > ${afterNo} order by no limit ${limit}`.execute(db);
      return rows.map(({ seqs, digests, ...seal }) => ({ seal, seqs: seqs.split(','), digests }));
    },
    async size() {
      const { rows } = await sql<{ entries: number; seals: number }>`
        select coalesce((select max(seq) from audit_event), 0)::float8 as entries,
          coalesce((select max(no) from audit_seal), 0)::int as seals`.execute(db);
      return rows[0] ?? { entries: 0, seals: 0 };
    },
    nextBatch: (limit) => readBatch(db, limit),
    writeSeal: (batch, { isRestored }) => writeSeal(db, batch, isRestored),
    async note({ action, actor, reason, detail }) {
      await sql`insert into audit_event (actor, action, reason, detail)
        values (${actor}, ${action}, ${reason ?? null}, ${JSON.stringify(detail)}::jsonb)`.execute(db);
    },
  };
}

/** One value for a whole page: a value for each column of each entry would take three times as long to read. */
async function readLines(db: LedgerDatabase, from: RawBuilder<unknown>): Promise<readonly AuditEntry[]> {
  const { rows } = await sql<{ lines: string | null }>`
    select string_agg(${auditLine}, E'\\n' order by e.seq) as lines from ${from}`.execute(db);
  return rows[0]?.lines?.split('\n').map(readEntry) ?? [];
}

/** In no seal at all. Asked once after a restore: it looks at every entry. */
const unsealed = sql`e.seq not in (select unnest(seqs) from audit_seal)`;

/** Transactions of this server; those before a restore may have had the same numbers, and theirs are sealed. */
const unsealedBetween = (from: string, through: string) => sql`
  e.txid >= ${from}::xid8 and e.txid < ${through}::xid8
  and e.seq > coalesce((select s.last_seq from audit_seal s
    where s.no < (select max(no) from audit_seal where restored) order by s.no desc limit 1), 0)
  and not exists (select from audit_seal s where s.restored and e.seq = any (s.seqs))`;

/**
 * One snapshot says which transactions have ended (those below its oldest running one) and shows all that they wrote, so
 * what is sealed is complete whatever commits late. After a restore into another database server its numbers begin below
 * those of the last seal; then everything that stands in no seal is taken.
 */
async function readBatch(db: LedgerDatabase, limit: number): Promise<UnsealedBatch | null> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (snapshot) => {
      // A table that has just grown looks small to the planner, which would read all of it for each seal.
      await sql`set local enable_seqscan = off`.execute(snapshot);
      const { rows: seals } = await sql<AuditSeal>`
        select ${sealColumns} from audit_seal order by no desc limit 1`.execute(snapshot);
      const last = seals[0] ?? null;
      const from = last?.throughTxid ?? '0';
      const { rows: bounds } = await sql<{ through: string; now: string; isRestored: boolean }>`
        with horizon as (select pg_snapshot_xmin(pg_current_snapshot()) as xid),
        first as (
          select e.txid from audit_event e
          where e.txid >= ${from}::xid8 and e.txid < (select xid from horizon) order by e.txid limit ${limit + 1}
        )
        select h.xid < ${from}::xid8 as "isRestored", ${sql.raw(utc('clock_timestamp()'))} as now,
          case when (select count(*) from first) <= ${limit} then h.xid::text
            -- Whole transactions: up to the one that is not taken whole any more, and at least one.
            else greatest((select max(txid) from first)::text::bigint, (select min(txid) from first)::text::bigint + 1)::text
          end as through
        from horizon h`.execute(snapshot);
      const bound = bounds[0];
      if (bound === undefined) return null;
      const wanted = bound.isRestored ? unsealed : unsealedBetween(from, bound.through);
      const entries = await readLines(snapshot, sql`audit_event e where ${wanted}`);
      const { isRestored, through, now } = bound;
      return entries.length === 0 ? null : { last, entries, throughTxid: through, now, isRestored };
    });
}

async function writeSeal(
  db: LedgerDatabase,
  { seal, seqs, digests }: SealedBatch,
  isRestored: boolean,
): Promise<boolean> {
  const { rows } = await sql`
    insert into audit_seal (no, ledger, previous, entries, total, first_seq, last_seq, through_txid, sealed_at, digest,
      hash, key, signature, seqs, digests, restored)
    values (${seal.no}, ${seal.ledger}, ${seal.previous}, ${seal.entries}, ${seal.total}, ${seal.firstSeq},
      ${seal.lastSeq}, ${seal.throughTxid}::xid8, ${seal.sealedAt}::timestamptz, ${seal.digest}, ${seal.hash}, ${seal.key},
      ${seal.signature}, ${seqs}::bigint[], ${Buffer.from(digests)}, ${isRestored})
    on conflict (no) do nothing returning no`.execute(db);
  return rows.length > 0;
}
