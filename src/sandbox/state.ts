import type { Pool } from 'pg';
import { z } from 'zod';

/** What the sandbox holds, for tests: ids, codes and the notes of updates; nothing else of a lead. */
export interface SandboxState {
  /** Of everything, whatever is listed. */
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
  /** Of the leads that are listed, the newest `limit`; in the order in which they arrived. */
  readonly updates: readonly {
    readonly leadId: string;
    readonly partnerLeadId: string | null;
    readonly estado: string;
    /** Free text: whoever wrote it decides whether it speaks of a person. */
    readonly observacion: string;
  }[];
}

// PostgreSQL's text knows no NUL.
const text = z.string().regex(/^[^\0]*$/, 'must be text');

/** Which leads are listed: the newest, or with `after` the next ones. Read to the end by the last leadId, as long as there are any. */
export const stateQuery = z.strictObject({
  /** Defaults to 1,000. */
  limit: z.coerce.number().int().min(1).max(10_000).default(1_000),
  /** A leadId; empty is before the first lead. Defaults to the newest leads. */
  after: text.optional(),
  /** Only leads with this one. Defaults to all. */
  partnerLeadId: text.optional(),
});

export type StateQuery = z.output<typeof stateQuery>;

/** Null: `after` is no lead. */
export async function readState(pool: Pool, { limit, after, partnerLeadId }: StateQuery): Promise<SandboxState | null> {
  const fromLead = after === undefined || after === '' ? null : after;
  if (fromLead !== null && !(await isLead(pool, fromLead))) return null;
  const direction = after === undefined ? 'desc' : 'asc';
  const [counts, leads] = await Promise.all([
    pool.query<SandboxState['counts']>(
      `select (select count(*)::int from sandbox.clients) as clients,
              (select coalesce(sum(asked), 0)::int from sandbox.clients) as "clientChecks",
              (select count(*)::int from sandbox.leads) as leads,
              (select count(*)::int from sandbox.lead_updates) as updates`,
    ),
    pool.query<SandboxState['leads'][number]>(
      `select lead_id as "leadId", partner_lead_id as "partnerLeadId", estado, request_id as "requestId",
              idempotency_key as "idempotencyKey"
       from sandbox.leads
       where ($2::text is null or partner_lead_id = $2) and ${fromLead === null ? '$3::text is null' : later}
       order by created_at ${direction}, lead_id ${direction}
       limit $1`,
      [limit, partnerLeadId ?? null, fromLead],
    ),
  ]);
  const [all] = counts.rows;
  if (all === undefined) throw new Error('a select that returned nothing');
  const listed = after === undefined ? leads.rows.toReversed() : leads.rows;
  const { rows: updates } = await pool.query<SandboxState['updates'][number]>(
    `select u.lead_id as "leadId", l.partner_lead_id as "partnerLeadId", u.estado, u.observacion
     from sandbox.lead_updates u join sandbox.leads l using (lead_id)
     where u.lead_id = any($1) order by u.id desc limit $2`,
    [listed.map(({ leadId }) => leadId), limit],
  );
  return { counts: all, leads: listed, updates: updates.toReversed() };
}

const later = '(created_at, lead_id) > ((select created_at from sandbox.leads where lead_id = $3), $3)';

async function isLead(pool: Pool, leadId: string): Promise<boolean> {
  const { rowCount } = await pool.query('select from sandbox.leads where lead_id = $1', [leadId]);
  return rowCount === 1;
}
