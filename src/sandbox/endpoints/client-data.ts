import { lookUpClient } from '../clients.ts';
import { isNif } from '../folded-nif.ts';
import { textIn } from './endpoint.ts';
import type { SandboxEndpoint } from './endpoint.ts';
import { refuse, wrongFields } from './refusal.ts';

/** "Client data" of the specification. */
export const clientDataEndpoint: SandboxEndpoint = {
  path: '/client-data',
  async subject({ contract }, body) {
    const request = contract.fromRequest.clientData(body);
    const nif = request.success ? request.data.nif : textIn(body, 'nif');
    return { endpoint: 'clientData', partnerLeadId: null, leadId: null, nif };
  },
  async answer({ pool, contract }, body) {
    const request = contract.fromRequest.clientData(body);
    if (!request.success) return { status: 422, body: refuse(wrongFields(request.error)) };
    const { nif } = request.data;
    if (!isNif(nif)) {
      return { status: 422, body: refuse([{ field: 'nif', message: 'is not a NIF' }]) };
    }
    const { ko, ...about } = await lookUpClient(pool, nif);
    const said = ko
      ? ({ status: 'KO', message: 'Incident', nif, about: null } as const)
      : ({ status: 'OK', message: 'OK', nif, about } as const);
    return { status: 200, body: contract.toAnswer.clientData(said) };
  },
};
