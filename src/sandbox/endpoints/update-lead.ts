import type { Pool } from 'pg';
import { textIn } from './endpoint.ts';
import type { SandboxEndpoint } from './endpoint.ts';
import { refuse, wrongFields } from './refusal.ts';

/** "Update Lead" of the specification. An unknown leadId is refused. */
export const updateLeadEndpoint: SandboxEndpoint = {
  path: '/update-lead',
  async subject({ pool, contract }, body) {
    const request = contract.fromRequest.updateLead(body);
    const leadId = request.success ? request.data.leadId : textIn(body, 'leadId');
    const partnerLeadId = leadId === null ? null : await partnerLeadIdOf(pool, leadId);
    return { endpoint: 'updateLead', partnerLeadId, leadId, nif: null };
  },
  async answer({ pool, contract }, body, ids) {
    const request = contract.fromRequest.updateLead(body);
    if (!request.success) return { status: 422, body: refuse(wrongFields(request.error)) };
    const { leadId, estado, observacion } = request.data;
    // One statement: the lead's row lock puts concurrent updates of a lead in the order in which they are numbered.
    const { rowCount } = await pool.query(
      `with lead as (update sandbox.leads set estado = $2 where lead_id = $1 returning lead_id)
       insert into sandbox.lead_updates (lead_id, estado, observacion, request_id)
       select lead_id, $2, $3, $4 from lead`,
      [leadId, estado, observacion, ids.requestId],
    );
    if (rowCount === 0) return { status: 422, body: refuse([{ field: 'leadId', message: 'is not known' }]) };
    return { status: 200, body: contract.toAnswer.updateLead({ leadId, message: 'OK' }) };
  },
};

/** Null too where the database has no such text, such as one with a NUL, or can't be asked: a fault has to strike then as well. */
async function partnerLeadIdOf(pool: Pool, leadId: string): Promise<string | null> {
  try {
    const { rows } = await pool.query<{ id: string | null }>(
      'select partner_lead_id as id from sandbox.leads where lead_id = $1',
      [leadId],
    );
    return rows[0]?.id ?? null;
  } catch {
    return null;
  }
}
