import { sql, type Kysely } from 'kysely';
import { leadRowMoves } from '../../domain/lead-row.ts';
import { statusUpdateMoves } from '../../domain/status-update.ts';

/**
 * Makes illegal moves impossible in the database too: a trigger that refuses a change of state that the domain's tables
 * don't list. Installed anew after every migration run, so that the two never differ.
 */
export async function installLegalMoves(db: Kysely<unknown>): Promise<void> {
  const legal = [
    ...Object.entries(leadRowMoves).flatMap(([from, tos]) => tos.map((to) => `lead:${from}>${to}`)),
    ...Object.entries(statusUpdateMoves).flatMap(([from, tos]) => tos.map((to) => `update:${from}>${to}`)),
  ];
  const list = legal.map((move) => `'${move}'`).join(', ');
  await sql
    .raw(
      `create or replace function refuse_illegal_move() returns trigger language plpgsql as $$
       begin
         if new.kind || ':' || old.state || '>' || new.state not in (${list}) then
           raise exception 'illegal move % of row %', new.kind || ':' || old.state || '>' || new.state, old.id
             using errcode = 'check_violation', constraint = 'legal_move';
         end if;
         return new;
       end $$`,
    )
    .execute(db);
  await sql
    .raw(
      `create or replace trigger moves_are_legal before update of state on ledger_row
       for each row when (old.state is distinct from new.state) execute function refuse_illegal_move()`,
    )
    .execute(db);
}
