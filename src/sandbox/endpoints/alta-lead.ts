import type { Pool } from 'pg';
import { lookUpClient } from '../clients.ts';
import { leadText } from './endpoint.ts';
import type { SandboxEndpoint } from './endpoint.ts';
import { refuse, wrongFields } from './refusal.ts';
import type { WrongField } from './refusal.ts';

/** "Alta Lead" of the specification. Strict: required fields, limits, and the two rules about clients. */
export const altaLeadEndpoint: SandboxEndpoint = {
  path: '/alta-lead',
  async subject({ contract }, body) {
    return {
      endpoint: 'altaLead',
      partnerLeadId: leadText(contract, body, 'partnerLeadId'),
      leadId: null,
      nif: leadText(contract, body, 'dni'),
    };
  },
  async answer({ pool, contract }, body, ids) {
    const request = contract.fromRequest.altaLead(body);
    if (!request.success) return { status: 422, body: refuse(wrongFields(request.error)) };
    const lead = request.data;
    const against = await againstClient(pool, lead);
    if (against.length > 0) return { status: 422, body: refuse(against) };
    const { rows } = await pool.query<{ leadId: string; idLanding: string }>(
      `insert into sandbox.leads (lead_id, partner_lead_id, id_landing, body, request_id, idempotency_key)
       select id, $1, coalesce($2, 'LANDING-' || id), $3, $4, $5 from (select nextval('sandbox.lead_id')::text as id) as next
       returning lead_id as "leadId", id_landing as "idLanding"`,
      [lead['partnerLeadId'] ?? null, lead['idLanding'] ?? null, lead, ids.requestId, ids.idempotencyKey],
    );
    const [created] = rows;
    if (created === undefined) throw new Error('an insert that returned nothing');
    return { status: 200, body: contract.toAnswer.altaLead({ ...created, message: 'OK' }) };
  },
};

/** "Validate if client is managed by partner", and the agent of a client "must be the same one to process the request". */
async function againstClient(
  pool: Pool,
  { dni, agenteId }: Readonly<Record<string, string>>,
): Promise<readonly WrongField[]> {
  if (dni === undefined) return [];
  const known = await lookUpClient(pool, dni);
  if (!known.partnerManage) return [{ field: 'dni', message: 'is not managed by the partner' }];
  if (!known.client) return [];
  if (known.agentId === null) return [{ field: 'dni', message: 'is a client without an agent' }];
  return known.agentId === agenteId ? [] : [{ field: 'agenteId', message: 'is not the agent of the client' }];
}
