import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findLeads } from '../../../src/sandbox/ficha-gestion/find-leads.ts';
import { createTables } from '../../../src/sandbox/tables.ts';
import { createTestDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { poolOf } from './pool-of.ts';

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createTestDatabase('ficha upgrade');
  pool = poolOf(database.url);
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** As the first version of the sandbox made them. */
const firstTables = `
  create schema sandbox;
  create sequence sandbox.lead_id start 10000001;
  create table sandbox.leads (
    lead_id text primary key,
    partner_lead_id text,
    id_landing text not null,
    estado text,
    body jsonb not null,
    request_id text,
    idempotency_key text,
    created_at timestamptz not null default clock_timestamp()
  );
  create table sandbox.lead_updates (
    id bigint generated always as identity primary key,
    lead_id text not null references sandbox.leads,
    estado text not null,
    observacion text not null,
    request_id text,
    created_at timestamptz not null default clock_timestamp()
  );
  insert into sandbox.leads (lead_id, partner_lead_id, id_landing, estado, body)
  values ('10000001', 'HS-1', 'LANDING-10000001', '20', '{"name": "María García", "dni": "12345601X", "ramo": "1"}'),
         ('10000002', null, 'LANDING-10000002', null, '{}');
`;

const found = async (facets: Readonly<Record<string, string>>, text: string | null = null) =>
  (await findLeads(pool, { facets, text }, null))?.leads.map(({ leadId }) => leadId);

test('leads of an older table are found, however often and by how many at once it is brought up', async () => {
  await pool.query(firstTables);
  await Promise.all([createTables(pool), createTables(pool), createTables(pool)]);
  await createTables(pool);
  expect(await found({})).toEqual(['10000002', '10000001']);
  expect(await found({ ramo: '1' })).toEqual(['10000001']);
  expect(await found({ estado: '20' })).toEqual(['10000001']);
  expect(await found({ estado: 'none' })).toEqual(['10000002']);
  for (const text of ['garcia', '12345601X', 'HS-1', '10000001']) expect(await found({}, text)).toEqual(['10000001']);
});

test('a value of any length is taken, and its lead is found', async () => {
  await createTables(pool);
  // Random, or compression would hide that it is too long for an index.
  const long = Array.from({ length: 9_000 }, () => Math.floor(Math.random() * 10)).join('');
  const body = { name: long, dni: long, ramo: long, partner: long, campaign: long };
  await pool.query(
    `insert into sandbox.leads (lead_id, partner_lead_id, id_landing, estado, body) values ('30000001', null, '', $1, $2)`,
    [long, body],
  );
  expect(await found({ ramo: long, partner: long, campaign: long, estado: long }, long)).toEqual(['30000001']);
});
