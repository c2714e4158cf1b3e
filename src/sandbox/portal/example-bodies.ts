import type { JsonObject, LeadsContract } from '../../contract/leads-contract.ts';
import { clientOf } from '../clients.ts';

/** Ana Pérez is nobody: a client of the sandbox, by the last digits of her NIF. */
export const exampleNif = '12345646M';

const { agentId, reference } = clientOf(exampleNif);

/** The fields that a first lead needs, by our names. */
export const smallLead: Readonly<Record<string, string>> = {
  acceptTerms: 'true',
  agenteId: agentId ?? '0051245',
  dni: exampleNif,
  motivoLlamada: '1',
  name: 'Ana Pérez Soler',
  partnerLeadId: 'tutorial-1',
  phone: '600000001',
};

/** Every field of the specification but `tresAgentes`, which is to be empty. A field added later has no example here. */
export const fullLead: Readonly<Record<string, string>> = {
  ...smallLead,
  campaign: 'otoño-2026',
  canal: 'WEB-C',
  email: 'ana.perez@example.com',
  idLanding: 'LANDING-7',
  leadOrigin: '1',
  origen: 'buscador',
  parametersURL: 'utm_source=buscador&utm_medium=cpc',
  partner: 'Correduría Acme S.L.',
  postalcode: '08014',
  ramo: '1',
  refExt: 'A-17',
  reference: reference ?? '',
  trafficSource: 'cpc',
};

/** The leadId that a new sandbox gives first. */
export const exampleLeadId = '10000001';

/** A request to each endpoint, spelt as this version of the contract spells it. */
export function exampleBodies({
  toRequest,
}: LeadsContract): Readonly<Record<'clientData' | 'altaLead' | 'updateLead', JsonObject>> {
  return {
    clientData: toRequest.clientData(exampleNif),
    altaLead: toRequest.altaLead(fullLead),
    updateLead: toRequest.updateLead({
      leadId: exampleLeadId,
      estado: '20',
      observacion: 'Cierre en GAM: póliza contratada',
    }),
  };
}
