import { sql } from 'kysely';
import type { Endpoint } from '../../domain/call-outcome.ts';
import type { HaltLedger } from '../../app/ports/ledger.ts';
import type { LedgerDatabase } from './database.ts';

/** Calls that went well ask so seldom whether there is a halt to end. */
const lookEveryMs = 1_000;

export function createHaltLedger(db: LedgerDatabase): HaltLedger {
  let known: { readonly endpoints: ReadonlySet<Endpoint>; readonly at: number } = {
    endpoints: new Set(),
    at: -Infinity,
  };

  async function halts(): ReturnType<HaltLedger['halts']> {
    const { rows } = await sql<Awaited<ReturnType<HaltLedger['halts']>>[number]>`
      select endpoint, code, since from api_halt order by since`.execute(db);
    known = { endpoints: new Set(rows.map((row) => row.endpoint)), at: performance.now() };
    return rows;
  }

  return {
    halts,
    async halt(endpoint, code) {
      await sql`with halted as (
          insert into api_halt (endpoint, code) values (${endpoint}, ${code}) on conflict (endpoint) do nothing returning code
        ) insert into audit_event (actor, action, code, detail)
          select 'api', 'api.halted', code, jsonb_build_object('endpoint', ${endpoint}::text) from halted`.execute(db);
      known = { endpoints: new Set([...known.endpoints, endpoint]), at: known.at };
    },
    async endHalt(endpoint) {
      // Every answered call comes here: the database is asked once a second, not once a call.
      if (performance.now() - known.at > lookEveryMs) await halts();
      if (!known.endpoints.has(endpoint)) return;
      await sql`with ended as (delete from api_halt where endpoint = ${endpoint} returning code)
        insert into audit_event (actor, action, code, detail)
        select 'api', 'api.halt_ended', code, jsonb_build_object('endpoint', ${endpoint}::text) from ended`.execute(db);
      await halts();
    },
  };
}
