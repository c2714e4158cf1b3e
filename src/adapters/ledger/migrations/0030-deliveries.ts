import { sql, type Kysely } from 'kysely';

/** What is told to somebody outside: written with what it tells of, delivered afterwards. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // A night that has been summed up; once for a night, whoever does it. Null: the first one, of which nobody is told.
  `create table night_end (
    night date primary key,
    ended_at timestamptz not null default clock_timestamp(),
    summary jsonb
  )`,

  `create table delivery (
    id bigint generated always as identity primary key,
    about text not null check (about in ('night', 'file')),
    channel text not null check (channel in ('file', 'webhook', 'email')),
    -- A partner; empty: those who run leadsync.
    recipient text not null,
    -- Deliveries of one lane go one after the other, in the order of their ids.
    lane text not null,
    night date references night_end,
    file_id bigint references file,
    -- Of the file's result.
    version integer,
    -- Counts and ids: what was so when it was written down.
    payload jsonb not null default '{}',
    -- Of a message in pages: the last row that has been told, and the moment since which rows are told.
    told_to jsonb,
    rows_since timestamptz,
    created_at timestamptz not null default clock_timestamp(),
    -- Its age counts from here: a person may send it again.
    due_since timestamptz not null default clock_timestamp(),
    state text not null default 'pending' check (state in ('pending', 'delivered', 'given_up')),
    tries integer not null default 0,
    next_at timestamptz not null default clock_timestamp(),
    -- Somebody is at it until then.
    claimed_until timestamptz,
    code text,
    http_status integer,
    ended_at timestamptz,
    check ((about = 'night') = (night is not null) and (about = 'file') = (file_id is not null and version is not null))
  )`,
  // Once for a night, and once for a version of a result.
  `create unique index delivery_once on delivery (channel, recipient, lane, coalesce(version, 0))`,
  `create index delivery_pending on delivery (lane, id) where state = 'pending'`,
  `create index delivery_given_up on delivery (ended_at) where state = 'given_up'`,
  `create index delivery_of_file on delivery (file_id) where file_id is not null`,
  `create index delivery_of_night on delivery (night) where night is not null`,

  // How it stands with a receiver.
  `create table delivery_target (
    channel text not null,
    recipient text not null,
    failing_since timestamptz,
    code text,
    http_status integer,
    delivered_at timestamptz,
    -- Nothing more is sent to it until a person says so.
    stopped_at timestamptz,
    primary key (channel, recipient)
  )`,
];
