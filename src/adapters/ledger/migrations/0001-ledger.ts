import { sql, type Kysely } from 'kysely';

/**
 * The ledger's first shape. Personal data is in sealed columns only (`name`, `payload`, `message`); what has to be found
 * is found by keyed hashes. A migration that has been released is never edited: the next change is the next file.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // One ledger, one environment, one key: both are written down at the first start.
  `create table ledger_stamp (
    one boolean primary key default true check (one),
    environment text not null check (environment in ('sandbox', 'test', 'production')),
    key_fingerprint text not null,
    -- Keeps the queues of two ledgers apart on one Redis.
    ledger_id uuid not null default gen_random_uuid(),
    stamped_at timestamptz not null default clock_timestamp()
  )`,

  `create table wrapped_key (
    id integer generated always as identity primary key,
    purpose text not null check (purpose in ('mac', 'data')),
    partner text not null,
    month text not null,
    wrapped bytea not null,
    made_at timestamptz not null default clock_timestamp(),
    unique (purpose, partner, month)
  )`,

  `create table worker_instance (
    id text primary key,
    host text not null,
    pid integer not null,
    roles text[] not null,
    started_at timestamptz not null default clock_timestamp(),
    heartbeat_at timestamptz not null default clock_timestamp(),
    drained_at timestamptz
  )`,

  `create table file (
    id bigint generated always as identity primary key,
    partner text not null,
    kind text not null check (kind in ('leads', 'updates')),
    key_id integer not null references wrapped_key,
    name bytea not null,
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    bytes bigint not null,
    config_version text not null,
    again integer not null default 0,
    state text not null check (state in ('arrived', 'held', 'reading', 'read', 'settled', 'rejected', 'quarantined')),
    code text,
    same_as bigint references file,
    encoding text,
    delimiter text,
    last_row integer not null default 1,
    arrived_at timestamptz not null default clock_timestamp(),
    due_at timestamptz not null default clock_timestamp(),
    settled_at timestamptz,
    result_version integer not null default 0,
    result_moves bigint
  )`,
  // The same bytes count once among accepted files; a rejected file can be dropped again.
  `create unique index file_accepted on file (partner, sha256, config_version, again)
    where state in ('arrived', 'held', 'reading', 'read', 'settled')`,
  `create index file_in_work on file (partner, id) where state in ('arrived', 'reading', 'read')`,

  `create table ledger_row (
    id bigint generated always as identity primary key,
    kind text not null check (kind in ('lead', 'update')),
    partner text not null,
    file_id bigint references file,
    row_number integer,
    state text not null,
    step text check (step in ('check', 'create', 'push')),
    version integer not null default 0,
    fence integer not null default 0,
    attempts integer not null default 0,
    next_at timestamptz,
    code text,
    identity uuid,
    content uuid,
    partner_lead_id uuid,
    -- Of the file, or of the entry by hand: what came later is newer, where no date says otherwise.
    arrived_at timestamptz not null default clock_timestamp(),
    order_key text,
    is_final boolean not null default false,
    key_id integer not null references wrapped_key,
    payload bytea not null,
    problems jsonb not null default '[]',
    warnings jsonb not null default '[]',
    duplicate_of bigint references ledger_row,
    lead_row bigint references ledger_row,
    lead_id text,
    id_landing text,
    client_answer jsonb,
    checked_at timestamptz,
    agente_id text,
    message bytea,
    holder text,
    attempt_id uuid,
    intent_at timestamptz,
    replays integer not null default 0,
    ended_job text,
    redeliveries integer not null default 0,
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    check ((file_id is null) = (row_number is null)),
    check (case kind
      when 'lead' then state in ('received', 'waiting', 'checked', 'submitting', 'registered', 'registered_without_id',
        'rejected', 'duplicate', 'not_managed', 'failed', 'in_doubt', 'cancelled', 'abandoned')
      else state in ('received', 'waiting', 'pushing', 'pushed', 'rejected', 'duplicate', 'superseded', 'failed',
        'in_doubt', 'cancelled') end),
    check (kind <> 'lead' or state <> 'registered' or lead_id is not null),
    -- Without an identity nothing would keep a second row of the same lead from being sent.
    check (kind <> 'lead' or identity is not null or state in ('rejected', 'cancelled')),
    check (state not in ('submitting', 'pushing') or (attempt_id is not null and holder is not null)),
    check (state <> 'waiting' or step is not null)
  )`,
  `create unique index row_of_file on ledger_row (file_id, row_number) where file_id is not null`,
  // A lead's identity is held by at most one row that may send, has sent or may have sent.
  `create unique index lead_identity on ledger_row (partner, identity)
    where kind = 'lead' and state in ('received', 'waiting', 'checked', 'submitting', 'in_doubt', 'registered',
      'registered_without_id', 'abandoned')`,
  `create index lead_identity_ended on ledger_row (partner, identity) where kind = 'lead' and state = 'not_managed'`,
  `create unique index lead_lead_id on ledger_row (lead_id) where kind = 'lead' and lead_id is not null`,
  // The hash is of one partner's id, so it alone finds a lead.
  `create index row_partner_lead_id on ledger_row (partner_lead_id, partner) where partner_lead_id is not null`,
  `create index row_id_landing on ledger_row (id_landing) where id_landing is not null`,
  `create index duplicate_of_file on ledger_row (file_id) where state = 'duplicate'`,
  `create index row_due on ledger_row (kind, partner, next_at, id) where next_at is not null`,
  `create index row_announced on ledger_row (intent_at) where state in ('submitting', 'pushing')`,
  `create index row_needs_person on ledger_row (state, id) where state in ('rejected', 'failed', 'in_doubt')`,
  // At most one update of a lead is on its way at any moment.
  `create unique index update_on_its_way on ledger_row (lead_row) where kind = 'update' and state = 'pushing'`,
  `create index row_duplicate_of on ledger_row (duplicate_of) where duplicate_of is not null`,
  `create index row_by_hand on ledger_row (partner) where file_id is null`,
  `create index update_of_lead on ledger_row (lead_row) where kind = 'update'`,

  `create table attempt (
    id uuid primary key,
    row_id bigint not null references ledger_row,
    step text not null check (step in ('check', 'create', 'push')),
    fence integer not null,
    instance text not null,
    begun_at timestamptz not null default clock_timestamp(),
    ended_at timestamptz,
    evidence text check (evidence in ('never_written', 'maybe_written', 'response_started', 'response_complete')),
    http_status integer,
    outcome text,
    code text,
    -- What the answer named; kept also when it comes too late to count.
    lead_id text,
    late boolean not null default false
  )`,
  `create index attempt_of_row on attempt (row_id)`,

  // Counting: moves insert, the leader sums up. A counter per file would be one hot row for all workers.
  `create table file_delta (
    id bigint generated always as identity primary key,
    file_id bigint not null,
    state text not null,
    n integer not null,
    moves integer not null
  )`,
  `create index file_delta_of_file on file_delta (file_id)`,
  `create table file_count (
    file_id bigint not null,
    state text not null,
    n bigint not null,
    moves bigint not null,
    primary key (file_id, state)
  )`,
  `create view file_tally as
    select file_id, state, sum(n)::bigint as n, sum(moves)::bigint as moves from (
      select file_id, state, n, moves from file_count
      union all select file_id, state, n, moves from file_delta
    ) as parts group by file_id, state`,

  `create table api_halt (
    endpoint text primary key check (endpoint in ('clientData', 'altaLead', 'updateLead')),
    code text not null,
    since timestamptz not null default clock_timestamp()
  )`,
  `create table api_pace (
    account text primary key,
    next_free timestamptz not null default clock_timestamp()
  )`,

  `create table audit_event (
    seq bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    txid xid8 not null default pg_current_xact_id(),
    actor text not null,
    action text not null,
    partner text,
    file_id bigint,
    row_id bigint,
    attempt_id uuid,
    from_state text,
    to_state text,
    fence integer,
    version integer,
    code text,
    reason text,
    detail jsonb
  )`,
  `create index audit_of_row on audit_event (row_id) where row_id is not null`,
  `create index audit_of_file on audit_event (file_id) where row_id is null and file_id is not null`,
  `create function refuse_audit_change() returns trigger language plpgsql as $$
    begin raise exception 'the audit log is append-only' using errcode = 'insufficient_privilege'; end $$`,
  `create trigger audit_is_append_only before update or delete on audit_event
    for each row execute function refuse_audit_change()`,
  `create trigger audit_is_not_truncated before truncate on audit_event
    for each statement execute function refuse_audit_change()`,
  `alter table audit_event enable always trigger audit_is_append_only`,
  `alter table audit_event enable always trigger audit_is_not_truncated`,
];
