import type { Pool } from 'pg';

/** Updates of a lead that its page shows. */
const SHOWN = 200;

export interface LeadUpdate {
  readonly estado: string;
  readonly observacion: string;
  readonly requestId: string | null;
  readonly createdAt: Date;
}

export interface LeadRecord {
  readonly leadId: string;
  readonly idLanding: string;
  readonly estado: string | null;
  /** The fields that came, by our names of them. */
  readonly body: Readonly<Record<string, string>>;
  /** Of its agenteId. Null: nobody in the table of agents. */
  readonly agentName: string | null;
  readonly requestId: string | null;
  readonly idempotencyKey: string | null;
  readonly createdAt: Date;
  /** In the order in which they came; the last 200. */
  readonly updates: readonly LeadUpdate[];
  /** There are earlier updates than those. */
  readonly hasEarlier: boolean;
}

/** All that the sandbox knows of a lead, or null. */
export async function readLead(pool: Pool, leadId: string): Promise<LeadRecord | null> {
  const [leads, updates] = await Promise.all([
    pool.query<Omit<LeadRecord, 'updates' | 'hasEarlier'>>(
      `select lead_id as "leadId", id_landing as "idLanding", estado, body, request_id as "requestId",
              idempotency_key as "idempotencyKey", created_at as "createdAt",
              (select name from sandbox.agents where agent_id = body ->> 'agenteId') as "agentName"
       from sandbox.leads where lead_id = $1`,
      [leadId],
    ),
    pool.query<LeadUpdate>(
      `select estado, observacion, request_id as "requestId", created_at as "createdAt"
       from sandbox.lead_updates where lead_id = $1 order by id desc limit ${SHOWN + 1}`,
      [leadId],
    ),
  ]);
  const [lead] = leads.rows;
  if (lead === undefined) return null;
  return {
    ...lead,
    updates: updates.rows.slice(0, SHOWN).toReversed(),
    hasEarlier: updates.rows.length > SHOWN,
  };
}
