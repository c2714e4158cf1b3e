import type { ClientSaid, JsonObject } from '../leads-contract.ts';

/** "Client data (response)"; what is not known of the person is absent, as it is with a KO. */
export function answerClientData({ status, message, nif, about }: ClientSaid): JsonObject {
  if (about === null) return { status, message, nif };
  const { client, partnerManage, agentId, multiAcceso, reference } = about;
  return {
    ...(agentId === null ? {} : { agentId }),
    client,
    message,
    ...(multiAcceso === null ? {} : { multiAcceso }),
    nif,
    status,
    partnerManage,
    ...(reference === null ? {} : { reference }),
  };
}

/** "Alta Lead (response)". */
export function answerAltaLead({
  idLanding,
  leadId,
  message,
}: Readonly<Record<'idLanding' | 'leadId' | 'message', string>>) {
  return { idLanding, leadId, message };
}

/** "Update Lead (response)". */
export function answerUpdateLead({ leadId, message }: Readonly<Record<'leadId' | 'message', string>>) {
  return { leadId, message };
}
