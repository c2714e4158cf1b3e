import { sql, type Kysely } from 'kysely';

/** Seals of the audit log, append-only as the log itself. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table audit_seal (
    no integer primary key check (no > 0),
    ledger text not null,
    previous text,
    entries integer not null,
    total bigint not null,
    first_seq bigint not null,
    last_seq bigint not null,
    through_txid xid8 not null,
    sealed_at timestamptz not null,
    digest text not null,
    hash text not null unique,
    key text not null,
    signature text not null,
    -- Which entries, and the digest of each: 32 bytes an entry. They are random, so compressing them is lost work.
    seqs bigint[] not null,
    digests bytea not null,
    -- Made after a restore into another database server, whose transactions begin with low numbers again.
    restored boolean not null default false
  )`,
  `alter table audit_seal alter column digests set storage external`,
  `create trigger seals_are_append_only before update or delete on audit_seal
    for each row execute function refuse_audit_change()`,
  `create trigger seals_are_not_truncated before truncate on audit_seal
    for each statement execute function refuse_audit_change()`,
  `alter table audit_seal enable always trigger seals_are_append_only`,
  `alter table audit_seal enable always trigger seals_are_not_truncated`,
  // Numbers of transactions grow with the table and many entries share one, so it is small and written at its end only.
  `create index audit_txid on audit_event (txid)`,
];
