import { sql, type Kysely } from 'kysely';
import { leadRowMoves } from '../../domain/lead-row.ts';
import { statusUpdateMoves } from '../../domain/status-update.ts';

const legal = [
  ...Object.entries(leadRowMoves).flatMap(([from, tos]) => tos.map((to) => `lead:${from}>${to}`)),
  ...Object.entries(statusUpdateMoves).flatMap(([from, tos]) => tos.map((to) => `update:${from}>${to}`)),
];
const body = `
    begin
      if new.kind || ':' || old.state || '>' || new.state not in (${legal.map((move) => `'${move}'`).join(', ')}) then
        raise exception 'illegal move % of row %', new.kind || ':' || old.state || '>' || new.state, old.id
          using errcode = 'check_violation', constraint = 'legal_move';
      end if;
      return new;
    end `;

/** Whether the database refuses what this version of the domain's tables doesn't list, and that alone. */
export async function knowsLegalMoves(db: Kysely<unknown>): Promise<boolean> {
  const found = await find(db);
  return found?.body === body && found.isInstalled;
}

/**
 * Makes illegal moves impossible in the database too: a trigger that refuses a change of state that the domain's tables
 * don't list. Looked at after every migration run, and changed where the two differ. A trigger is made where there is
 * none: to make it locks the table against every move, behind whatever statement is under way, and processes come and go.
 */
export async function installLegalMoves(db: Kysely<unknown>): Promise<void> {
  const found = await find(db);
  if (found?.body !== body) {
    await sql
      .raw(`create or replace function refuse_illegal_move() returns trigger language plpgsql as $$${body}$$`)
      .execute(db);
  }
  if (found?.isInstalled === true) return;
  await sql
    .raw(
      `create or replace trigger moves_are_legal before update of state on ledger_row
       for each row when (old.state is distinct from new.state) execute function refuse_illegal_move()`,
    )
    .execute(db);
}

async function find(db: Kysely<unknown>): Promise<{ body: string; isInstalled: boolean } | undefined> {
  const { rows } = await sql<{ body: string; isInstalled: boolean }>`
    select prosrc as body, exists (select from pg_trigger where tgname = 'moves_are_legal' and tgfoid = p.oid
      and tgrelid = to_regclass('ledger_row')) as "isInstalled"
    from pg_proc p where p.oid = to_regproc('refuse_illegal_move')`.execute(db);
  return rows[0];
}
