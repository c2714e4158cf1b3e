import type { Pool } from 'pg';
import { agents } from './agents.ts';

/** In a schema of its own, so that the sandbox may share a database with anything. */
const tables = `
  create schema if not exists sandbox;
  create table if not exists sandbox.clients (
    nif text primary key,
    client boolean not null,
    partner_manage boolean not null,
    agent_id text,
    multi_acceso boolean,
    reference text,
    ko boolean not null,
    asked bigint not null default 1
  );
  create table if not exists sandbox.agents (
    agent_id text primary key,
    name text not null
  );
  create sequence if not exists sandbox.lead_id start 10000001;
  create table if not exists sandbox.leads (
    lead_id text primary key,
    partner_lead_id text,
    id_landing text not null,
    estado text,
    body jsonb not null,
    request_id text,
    idempotency_key text,
    created_at timestamptz not null default clock_timestamp()
  );
  create index if not exists leads_by_partner_lead_id on sandbox.leads (partner_lead_id);
  create table if not exists sandbox.lead_updates (
    id bigint generated always as identity primary key,
    lead_id text not null references sandbox.leads,
    estado text not null,
    observacion text not null,
    request_id text,
    created_at timestamptz not null default clock_timestamp()
  );
  create index if not exists lead_updates_by_lead on sandbox.lead_updates (lead_id, id);
`;

/** An agent who has been given another name keeps it. */
const seed = `
  insert into sandbox.agents (agent_id, name) select * from unnest($1::text[], $2::text[]) on conflict do nothing
`;

/**
 * What the Ficha Gestión finds leads by, written by the database itself. The contract limits neither ramo, dni nor
 * estado, and a value too long for an index would refuse the lead: everything that is indexed is cut.
 *
 * `words` holds the words of the name, to be found by their beginnings, and "=" with each id and the NIF, to be found
 * whole. Words are without accents (taken off whether they came as part of their letter or beside it) and case, and
 * end at ASCII punctuation, the same in every collation: to_tsvector would take a name such as "<b>" for mark-up and
 * "Acme S.L." for a host. Whoever changes these functions gives the column another name: what is stored is not computed
 * again. It was `search`.
 */
const listing = `
  alter table sandbox.leads drop column if exists search;
  create or replace function sandbox.words(said text) returns text[] language sql immutable parallel safe as $$
    select array_remove(regexp_split_to_array(lower(regexp_replace(normalize(said, nfd), '[\\u0300-\\u036f]', '', 'g')),
                                              '[\\s!-/:-@[-\`{-~]+'), '')
  $$;
  create or replace function sandbox.whole(said text) returns text language sql immutable parallel safe as $$
    select '=' || lower(translate(left(normalize(said, nfc), 100), ' .-/', ''))
  $$;
  create or replace function sandbox.sought_whole(said text) returns tsquery language sql immutable parallel safe as $$
    select ('''' || replace(replace(sandbox.whole(said), '\\', '\\\\'), '''', '''''') || '''')::tsquery
  $$;
  create or replace function sandbox.sought(said text) returns tsquery language sql immutable parallel safe as $$
    select coalesce(string_agg('''' || left(word, 100) || ''':*', ' & ')::tsquery || sandbox.sought_whole(said),
                    sandbox.sought_whole(said))
    from unnest(sandbox.words(said)) as word
  $$;
  alter table sandbox.leads
    add column if not exists partner text generated always as (left(body ->> 'partner', 255)) stored,
    add column if not exists campaign text generated always as (left(body ->> 'campaign', 255)) stored,
    add column if not exists ramo text generated always as (left(body ->> 'ramo', 255)) stored,
    add column if not exists estado_or_none text generated always as (coalesce(left(estado, 255), 'none')) stored,
    add column if not exists words tsvector generated always as (array_to_tsvector(array_remove(
      sandbox.words(left(coalesce(body ->> 'name', ''), 255))
      || sandbox.whole(lead_id) || sandbox.whole(partner_lead_id) || sandbox.whole(body ->> 'dni'), null))) stored;
  create index if not exists leads_newest on sandbox.leads (created_at, lead_id);
  create index if not exists leads_of_partner on sandbox.leads (partner, created_at, lead_id);
  create index if not exists leads_of_campaign on sandbox.leads (campaign, created_at, lead_id);
  create index if not exists leads_of_ramo on sandbox.leads (ramo, created_at, lead_id);
  create index if not exists leads_of_estado on sandbox.leads (estado_or_none, created_at, lead_id);
  create index if not exists leads_by_words on sandbox.leads using gin (words) with (fastupdate = off);
`;

/** Makes the sandbox's tables where they are missing, and what an older version's tables lack. Any number of sandboxes may start at once. */
export async function createTables(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    // "if not exists" alone races with itself.
    await client.query(`begin; select pg_advisory_xact_lock(hashtext('leadsync sandbox'))`);
    await client.query(tables);
    await client.query(seed, [agents.map(({ agentId }) => agentId), agents.map(({ name }) => name)]);
    const { rowCount: found } = await client.query(
      `select from pg_attribute where attrelid = 'sandbox.leads'::regclass and attname = 'words' and not attisdropped`,
    );
    await client.query(listing);
    // Added columns have no statistics until many leads have changed, and the planner would guess.
    if (found === 0) await client.query('analyze sandbox.leads');
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}
