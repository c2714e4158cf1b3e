import { sql, type Kysely } from 'kysely';

/** Duplicates share the fate of the row they point to: rows that have followers leave word when they end. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table ledger_row add column followed boolean not null default false`,
  `update ledger_row o set followed = true where o.state not in ('registered', 'abandoned', 'duplicate')
    and exists (select from ledger_row d where d.duplicate_of = o.id)`,
  `create table row_ended (
    id bigint generated always as identity primary key,
    row_id bigint not null references ledger_row
  )`,
  // The newest row of a lead that ended without one: what a new row of the same lead is judged against.
  `drop index lead_identity_ended`,
  `create index lead_identity_ended on ledger_row (partner, identity, id)
    where kind = 'lead' and state in ('rejected', 'not_managed', 'failed', 'cancelled')`,
];
