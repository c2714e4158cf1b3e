import type { Pool } from 'pg';

/** What the sandbox holds: ids and codes, nothing of the people. */
export interface SandboxState {
  readonly counts: {
    readonly clients: number;
    readonly clientChecks: number;
    readonly leads: number;
    readonly updates: number;
  };
  /** In the order of their creation. */
  readonly leads: readonly {
    readonly leadId: string;
    readonly partnerLeadId: string | null;
    readonly estado: string | null;
    readonly requestId: string | null;
    readonly idempotencyKey: string | null;
  }[];
  /** In the order in which they arrived. */
  readonly updates: readonly {
    readonly leadId: string;
    readonly partnerLeadId: string | null;
    readonly estado: string;
    readonly observacion: string;
  }[];
}

export async function readState(pool: Pool): Promise<SandboxState> {
  const [clients, leads, updates] = await Promise.all([
    pool.query<{ clients: number; asked: number }>(
      'select count(*)::int as clients, coalesce(sum(asked), 0)::int as asked from sandbox.clients',
    ),
    pool.query<SandboxState['leads'][number]>(
      `select lead_id as "leadId", partner_lead_id as "partnerLeadId", estado, request_id as "requestId",
              idempotency_key as "idempotencyKey"
       from sandbox.leads order by lead_id::bigint`,
    ),
    pool.query<SandboxState['updates'][number]>(
      `select u.lead_id as "leadId", l.partner_lead_id as "partnerLeadId", u.estado, u.observacion
       from sandbox.lead_updates u join sandbox.leads l using (lead_id) order by u.id`,
    ),
  ]);
  return {
    counts: {
      clients: clients.rows[0]?.clients ?? 0,
      clientChecks: clients.rows[0]?.asked ?? 0,
      leads: leads.rows.length,
      updates: updates.rows.length,
    },
    leads: leads.rows,
    updates: updates.rows,
  };
}
