import type { JsonObject, LeadField, LeadsContract } from '../contract/leads-contract.ts';
import type { Deployment } from './deployment.ts';
import { clientAnswerOf } from './exchange.ts';
import type { Subject } from './subject.ts';

/** Stands at the head of the name of every lead that is made here, so that nobody calls it. */
export const testName = 'PRUEBA LEADSYNC';

/** By our names: a value goes out as it is, in the type that it has; null takes the field out. */
export type Changes = Readonly<Record<string, string | number | boolean | null>>;

/**
 * A legal alta lead for the subject, with changes. Its agent is the subject's own, else the one that the client check
 * has named, else the specification's example. Every lead has a partnerLeadId of its own.
 */
export function testLead(deployment: Deployment, changes: Changes = {}): JsonObject {
  const { contract, subject } = deployment.options;
  const body: Record<string, string | number | boolean> = {
    ...contract.toRequest.altaLead({
      acceptTerms: 'true',
      agenteId: agentOfClient(deployment) ?? '0051245',
      campaign: testName,
      dni: subject.nif,
      motivoLlamada: '1',
      name: testName,
      partnerLeadId: `doctor-${subject.run}-${deployment.exchanges.length}`,
      phone: '600000000',
      ...subject.fields,
    }),
  };
  for (const [name, value] of Object.entries(changes)) {
    const onWire = wireNameOf(contract, name);
    if (value === null) delete body[onWire];
    else body[onWire] = value;
  }
  return body;
}

/** Whom the client check has named, if it was answered and named anybody. */
export function agentOfClient(deployment: Deployment): string | null {
  const exchange = deployment.lastOf('authentication.accepted');
  return exchange === null ? null : (clientAnswerOf(exchange)?.agentId ?? null);
}

/** What a body calls one of our fields; the same for a name that the contract doesn't know. */
export function wireNameOf({ leadFields }: LeadsContract, name: string): string {
  return leadFields.find((field) => field.name === name)?.wireName ?? name;
}

/** A value of so many characters that is right but for its length. */
export function valueOfLength({ name }: LeadField, length: number, { run }: Subject): string {
  if (name === 'agenteId') return '51245'.padStart(length, '0');
  if (name === 'email') return 'prueba@example.com'.padStart(length, 'p');
  if (name === 'name') return `${testName} `.padEnd(length, 'x');
  if (name === 'partnerLeadId') return `doctor-${run}-${length}-`.padEnd(length, 'x');
  return 'x'.repeat(length);
}
