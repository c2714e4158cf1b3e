import type { Call, LeadsApi } from '../../../src/app/ports/leads-api.ts';
import { createLeadsApi } from '../../../src/adapters/leads-api/leads-api-client.ts';
import type { LeadsApiOptions } from '../../../src/adapters/leads-api/leads-api-client.ts';
import { contracts } from '../../../src/contract/index.ts';

/** The client as a deployment with the default paths has it. */
export function apiAt(url: string, options: Partial<LeadsApiOptions> = {}): LeadsApi {
  return createLeadsApi({
    url,
    contract: contracts['1.2.5'],
    endpoints: {
      clientData: { method: 'POST', path: '/client-data' },
      altaLead: { method: 'POST', path: '/alta-lead' },
      updateLead: { method: 'POST', path: '/update-lead' },
    },
    auth: { kind: 'none' },
    headers: {},
    body: 'json',
    timeoutMs: 5_000,
    connections: 4,
    userAgent: 'leadsync/test',
    ...options,
  });
}

let calls = 0;

export function call(part: Partial<Call> = {}): Call {
  calls += 1;
  return { attemptId: `attempt-${calls}`, idempotencyKey: `ls-${calls}`, maySend: () => true, ...part };
}

/** Synthetic, and complete as the contract has it. */
export const lead = {
  acceptTerms: 'true',
  agenteId: '0051245',
  dni: '12345678Z',
  motivoLlamada: '1',
  name: 'Ana Pérez',
  partnerLeadId: 'crm-1',
  phone: '600000001',
} as const;

export const update = { leadId: '4711', estado: '20', observacion: 'Cerrado' } as const;
