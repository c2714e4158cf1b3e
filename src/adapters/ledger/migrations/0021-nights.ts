import { sql, type Kysely } from 'kysely';

/** Nights: when files wait for their partner's hour, which runs there were, and what a person knows already. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table file
    -- The business date (src/domain/night.ts): of its run, or else of its arrival.
    add column night date,
    -- Waiting: for a run of its partner; taken: by one. Null: it has no hour to wait for.
    add column run text check (run in ('waiting', 'taken')),
    -- When it was first seen in the inbox. It belongs to the first run that begins after that.
    add column first_seen_at timestamptz`,
  // What came before there were nights: nobody knows their time zones here.
  `update file set night = (greatest(arrived_at, due_at) at time zone 'Europe/Madrid' + interval '12 hours')::date`,
  `create index file_of_night on file (night)`,
  `create index file_arrived on file (arrived_at)`,
  `create index file_waiting_for_run on file (partner) where run = 'waiting'`,

  `create table partner_watch (
    partner text primary key,
    -- Hours of its schedule up to here have been seen to, whatever the schedule was by then.
    looked_to timestamptz not null default clock_timestamp(),
    -- By key (src/domain/expectation.ts): since when it is expected. What was due before was expected by nobody.
    expects jsonb not null default '{}'
  )`,
  // One run for a partner and a business date, whoever begins it and however many hours its schedule has in a night.
  `create table night_run (
    partner text not null,
    night date not null,
    -- Of its schedule, the latest; and when that was carried out.
    hour_at timestamptz not null,
    begun_at timestamptz not null default clock_timestamp(),
    -- Hours that had gone by before without anybody to see to them.
    passed integer not null,
    primary key (partner, night)
  )`,

  `create table alarm_acknowledgement (
    alarm text primary key,
    level integer not null,
    at timestamptz not null default clock_timestamp(),
    until timestamptz not null,
    actor text not null,
    reason text not null
  )`,

  // Outages, halts and pauses: a few lines among the millions that are of rows and files.
  `create index audit_of_installation on audit_event (at) where row_id is null and file_id is null`,
];
