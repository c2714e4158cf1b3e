import pg from 'pg';
import type { Taken } from '../checker/evidence.ts';
import type { World } from './world.ts';

/**
 * A trigger of the suite's own, which writes down of each row in which state it was when it lost what it says. Afterwards
 * nobody can tell: the audit log counts what retention takes.
 */
const statements = [
  `create table chaos_taken (row_id bigint, old_state text, new_state text, erasure bigint,
    at timestamptz default clock_timestamp())`,
  `create function chaos_see() returns trigger language plpgsql security definer set search_path = public as $$
    begin
      insert into chaos_taken values (new.id, old.state, new.state, new.erasure_id, default);
      return null;
    end $$`,
  `create trigger chaos_witness after update on ledger_row for each row
    when (new.erasure_id is distinct from old.erasure_id) execute function chaos_see()`,
];

export async function watchTaken({ postgres }: Pick<World, 'postgres'>): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.url() });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

export async function readTaken(client: pg.Client): Promise<readonly Taken[]> {
  const { rows } = await client.query<Taken>(`select row_id::text as "rowId", old_state as "from", new_state as "to",
    extract(epoch from at)::float8 * 1000 as "atMs",
    case when erasure < 0 then 'retention' else 'erasure' end as "by" from chaos_taken`);
  return rows;
}
