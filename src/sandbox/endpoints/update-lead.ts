import { textOrNull } from './endpoint.ts';
import type { SandboxEndpoint } from './endpoint.ts';
import { refuse, wrongFields } from './refusal.ts';

/** "Update Lead" of the specification. An unknown leadId is refused. */
export const updateLeadEndpoint: SandboxEndpoint = {
  path: '/update-lead',
  async subject({ pool, contract }, body) {
    const request = contract.fromRequest.updateLead(body);
    const leadId = request.success ? request.data.leadId : textOrNull(body['leadId']);
    const { rows } = await pool.query<{ id: string | null }>(
      'select partner_lead_id as id from sandbox.leads where lead_id = $1',
      [leadId],
    );
    return { endpoint: 'updateLead', partnerLeadId: rows[0]?.id ?? null, leadId, nif: null };
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
