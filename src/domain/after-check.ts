import type { ClientAnswer } from './call-outcome.ts';
import type { LeadFields } from './lead.ts';
import type { Partner } from './partner.ts';
import type { Problem } from './problem.ts';

export type AfterCheck =
  | { readonly kind: 'not_managed' }
  | { readonly kind: 'create'; readonly lead: LeadFields; readonly warnings: readonly Problem[] }
  | { readonly kind: 'rejected'; readonly problem: Problem }
  | { readonly kind: 'failed'; readonly problem: Problem };

/**
 * What the client check means for the lead:
 *
 *   partnerManage  client  agentId   →
 *   false          any     any       not_managed: nothing is sent
 *   true           true    present   create with that agent ("must be the same one"), overruling the row with a warning
 *   true           true    missing   failed: never the partner's default
 *   true           false   present   create with it (`agent.fromCheck: always`), or as the next line (`clientsOnly`)
 *   true           false   missing   the row's column → agent.byPostalCode → agent.default → rejected
 *
 * `multiAcceso` changes what is told, not what is sent.
 */
export function decideAfterCheck(answer: ClientAnswer, fields: LeadFields, partner: Partner): AfterCheck {
  if (!answer.partnerManage) return { kind: 'not_managed' };
  if (answer.client && answer.agentId === null) {
    return { kind: 'failed', problem: { code: 'API_CLIENT_WITHOUT_AGENT', column: 'agenteId' } };
  }
  const fromCheck = answer.client || partner.agent.fromCheck === 'always' ? answer.agentId : null;
  const agenteId = fromCheck ?? agentOfPartner(fields, partner);
  if (agenteId === null) return { kind: 'rejected', problem: { code: 'ROW_AGENT_MISSING', column: 'agenteId' } };

  const overruled = fromCheck !== null && fields['agenteId'] !== undefined && fields['agenteId'] !== fromCheck;
  const canal = fields['canal'] ?? (answer.client ? partner.canal.client : partner.canal.prospect);
  const reference = answer.reference ?? fields['reference'];
  return {
    kind: 'create',
    lead: {
      ...fields,
      agenteId,
      ...(canal ? { canal } : {}),
      ...(reference ? { reference } : {}),
    },
    warnings: overruled ? [{ code: 'ROW_AGENT_OVERRULED', column: 'agenteId' }] : [],
  };
}

/** For rows sent without a client check, by agreement (`withoutNif: send`). */
export function decideWithoutCheck(fields: LeadFields, partner: Partner): AfterCheck {
  const nobody = { client: false, partnerManage: true, agentId: null, multiAcceso: null, reference: null };
  return decideAfterCheck(nobody, fields, partner);
}

function agentOfPartner(fields: LeadFields, partner: Partner): string | null {
  const byPostalCode =
    fields['postalcode'] === undefined ? undefined : partner.agent.byPostalCode[fields['postalcode']];
  return fields['agenteId'] ?? byPostalCode ?? partner.agent.default;
}
