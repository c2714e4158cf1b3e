import { altaLeadEndpoint } from '../endpoints/alta-lead.ts';
import { clientDataEndpoint } from '../endpoints/client-data.ts';
import { updateLeadEndpoint } from '../endpoints/update-lead.ts';
import type { BodyName } from './body-schema.ts';

/** One of the three endpoints, as people are told of it. */
export interface DescribedEndpoint {
  readonly key: 'clientData' | 'altaLead' | 'updateLead';
  readonly path: string;
  /** As the specification calls it. */
  readonly title: string;
  readonly summary: string;
  readonly description: string;
  readonly request: BodyName;
  readonly response: BodyName;
  /** What a 422 is about, beside fields that are missing, too long or of the wrong form. */
  readonly refuses: string;
}

/** In the order in which a lead meets them. */
export const describedEndpoints: readonly DescribedEndpoint[] = [
  {
    key: 'clientData',
    path: clientDataEndpoint.path,
    title: 'Client data',
    summary: 'Ask whether a person is a client and whether the partner manages them',
    description:
      'Send the NIF of a client, get values, and validate whether the client is managed by the partner. Changes nothing and may be asked again.',
    request: 'ClientDataRequest',
    response: 'ClientDataResponse',
    refuses: 'a `nif` that does not have the form of one',
  },
  {
    key: 'altaLead',
    path: altaLeadEndpoint.path,
    title: 'Alta lead',
    summary: 'Create a lead',
    description:
      'If the client is managed by the partner, send the data of the client; the lead is generated and its leadId answered. Each request that is carried out creates one more lead: never repeat one whose answer was lost.',
    request: 'AltaLeadRequest',
    response: 'AltaLeadResponse',
    refuses:
      "a `dni` whom the partner does not manage, a client of whom no agent is known, and another agent than the client's",
  },
  {
    key: 'updateLead',
    path: updateLeadEndpoint.path,
    title: 'Update lead',
    summary: 'Set the state of a lead',
    description:
      'Send an update with the leadId that alta lead has answered; it is set on the lead and kept in its history.',
    request: 'UpdateLeadRequest',
    response: 'UpdateLeadResponse',
    refuses: 'a `leadId` that is not known',
  },
];
