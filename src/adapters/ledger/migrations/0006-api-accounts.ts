import { sql, type Kysely } from 'kysely';

/** What stops calls: the outage breaker and the halts of an API account, pauses of partners; and who may call at once. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table api_account (
    account text primary key,
    -- The outage breaker (src/domain/outage-breaker.ts).
    version integer not null default 0,
    breaker text not null default 'closed' check (breaker in ('closed', 'open', 'probing')),
    cause text,
    -- Open and probing are one. Null: it was never open.
    since timestamptz,
    actor text,
    reason text,
    probe_at timestamptz,
    probe_row bigint,
    probe_until timestamptz,
    probes_failed integer not null default 0,
    -- The last time that something which stopped calls ended: what lies before is no age of a row's tries.
    flowing_since timestamptz not null default '-infinity',
    check ((breaker = 'probing') = (probe_row is not null)),
    check ((probe_row is null) = (probe_until is null)),
    check ((breaker = 'closed') = (cause is null))
  )`,
  `insert into api_account (account) values ('default')`,

  `alter table api_halt
    add column account text not null default 'default',
    -- A keyed hash of the settings under which it was met.
    add column settings text not null default '',
    add column probe_at timestamptz not null default clock_timestamp(),
    add column probe_row bigint,
    add column probe_until timestamptz,
    add column probes_failed integer not null default 0,
    drop constraint api_halt_pkey,
    add primary key (account, endpoint)`,
  `alter table api_halt alter column account drop default, alter column settings drop default`,

  // '' is everybody.
  `create table work_pause (
    partner text primary key,
    since timestamptz not null default clock_timestamp(),
    actor text not null,
    reason text not null
  )`,

  // Calls under way at once: which process may have how many (src/domain/share-places.ts). One row, changed by
  // compare-and-set, so that a process which is frozen in between holds no lock.
  `create table api_places (
    account text primary key,
    version bigint not null default 0,
    holders jsonb not null default '[]'
  )`,

  // Since the row first met trouble with its present step.
  `alter table ledger_row add column trying_since timestamptz`,
];
