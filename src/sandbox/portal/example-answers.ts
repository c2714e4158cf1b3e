import type { JsonObject, LeadsContract } from '../../contract/leads-contract.ts';
import { clientOf } from '../clients.ts';
import { refuse } from '../endpoints/refusal.ts';
import { exampleLeadId, exampleNif } from './example-bodies.ts';

/** What the client data endpoint answers for a NIF that nobody has overruled in the table of clients. */
export function clientDataAnswer({ toAnswer }: LeadsContract, nif: string): JsonObject {
  const { ko, ...about } = clientOf(nif);
  return ko
    ? toAnswer.clientData({ status: 'KO', message: 'Incident', nif, about: null })
    : toAnswer.clientData({ status: 'OK', message: 'OK', nif, about });
}

export const koAnswer = { status: 'KO', message: 'Incident' } as const;

export interface Example {
  readonly summary: string;
  readonly value: object;
}

/** The answers with status 200 of each endpoint, KO among them. */
export function exampleAnswers(
  contract: LeadsContract,
): Readonly<Record<'clientData' | 'altaLead' | 'updateLead', Readonly<Record<string, Example>>>> {
  const about = (summary: string, nif: string): Example => ({ summary, value: clientDataAnswer(contract, nif) });
  const ko: Example = { summary: 'KO: nothing was done', value: koAnswer };
  return {
    clientData: {
      client: about('A client with an agent', exampleNif),
      prospect: about('No client yet', '12345601X'),
      notManaged: about("Not the partner's", '12345609H'),
      ko: about('KO: nothing is said of the person', '12345699P'),
    },
    altaLead: {
      created: {
        summary: 'The lead exists',
        value: contract.toAnswer.altaLead({
          leadId: exampleLeadId,
          idLanding: `LANDING-${exampleLeadId}`,
          message: 'OK',
        }),
      },
      ko,
    },
    updateLead: {
      updated: {
        summary: 'The update is set',
        value: contract.toAnswer.updateLead({ leadId: exampleLeadId, message: 'OK' }),
      },
      ko,
    },
  };
}

/** A 422, as an alta lead with three faults gets it. */
export const exampleRefusal = refuse([
  { field: 'agenteId', message: 'must match ^\\d{7}$' },
  { field: 'name', message: 'is longer than 50 characters' },
  { field: 'phone', message: 'is required' },
]);
