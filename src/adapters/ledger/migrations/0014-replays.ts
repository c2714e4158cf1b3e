import { sql, type Kysely } from 'kysely';

/** Replays in batches: what was selected, how far it has come, and which rows stayed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table replay_batch (
    id bigint generated always as identity primary key,
    state text not null default 'proposed' check (state in ('proposed', 'running', 'finished', 'aborted')),
    actor text not null,
    reason text not null,
    -- As typed: ids, codes and times.
    filter jsonb not null,
    rate integer not null check (rate > 0),
    proposed_at timestamptz not null default clock_timestamp(),
    started_at timestamptz,
    ended_at timestamptz,
    rows integer not null check (rows > 0),
    -- Rows up to this ord have been seen to.
    done integer not null default 0,
    replayed integer not null default 0,
    moved_on integer not null default 0,
    held_by_another integer not null default 0,
    -- Of those, how many had failed and were cancelled: another row has taken their place.
    replaced integer not null default 0,
    -- What the rate allows is counted from here.
    paced_at timestamptz,
    check (replayed + moved_on + held_by_another = done and done <= rows),
    check ((state in ('finished', 'aborted')) = (ended_at is not null)),
    check ((state = 'proposed') = (started_at is null))
  )`,
  `create index replay_running on replay_batch (id) where state = 'running'`,
  // No foreign keys: asked once a row, they would take longer than the selection. Neither batches nor rows go before these.
  `create table replay_row (
    batch_id bigint not null,
    ord integer not null,
    row_id bigint not null,
    -- As it was looked at: a row that has moved since stays.
    version integer not null,
    -- Why it stayed. Null: it was taken back to work, or its turn has not come.
    stayed text check (stayed in ('moved_on', 'held_by_another')),
    holder bigint,
    primary key (batch_id, ord)
  )`,
  `create index replay_row_stayed on replay_row (batch_id, ord) where stayed is not null`,
  // Rejected for what it says itself, and cancelled since: a replay would send what was found unfit to be sent.
  `alter table ledger_row add column is_unfit boolean not null default false`,
];
