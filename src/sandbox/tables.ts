import type { Pool } from 'pg';

/** In a schema of its own, so that the sandbox may share a database with anything. */
const statements = `
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
`;

/** Makes the sandbox's tables where they are missing. Any number of sandboxes may start at once. */
export async function createTables(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    // "if not exists" alone races with itself.
    await client.query(`begin; select pg_advisory_xact_lock(hashtext('leadsync sandbox'))`);
    await client.query(statements);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}
