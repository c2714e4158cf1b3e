import { clientData } from '../contract/leads-1.2.5/client-data.ts';
import type { ClientDataResponse } from '../contract/leads-1.2.5/client-data.ts';
import { lookUpClient } from './clients.ts';
import { textOrNull } from './endpoint.ts';
import type { SandboxEndpoint } from './endpoint.ts';
import { refuse, wrongFields } from './refusal.ts';

/** "Client data" of the specification. */
export const clientDataEndpoint: SandboxEndpoint = {
  path: '/client-data',
  async subject(_pool, body) {
    return { endpoint: 'clientData', partnerLeadId: null, leadId: null, nif: textOrNull(body['nif']) };
  },
  async answer(pool, body) {
    const request = clientData.request.safeParse(body);
    if (!request.success) return { status: 422, body: refuse(wrongFields(request.error)) };
    const { nif } = request.data;
    if (!/^[0-9A-Z]\d{7}[0-9A-Z]$/i.test(nif)) {
      return { status: 422, body: refuse([{ field: 'nif', message: 'is not a NIF' }]) };
    }
    const found = await lookUpClient(pool, nif.toUpperCase());
    if (found.ko) return { status: 200, body: { status: 'KO', message: 'Incident', nif } };
    const response: ClientDataResponse = {
      status: 'OK',
      message: 'OK',
      nif,
      client: found.client,
      partnerManage: found.partnerManage,
      ...(found.agentId === null ? {} : { agentId: found.agentId }),
      ...(found.multiAcceso === null ? {} : { multiAcceso: found.multiAcceso }),
      ...(found.reference === null ? {} : { reference: found.reference }),
    };
    return { status: 200, body: response };
  },
};
