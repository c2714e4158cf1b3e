import { z } from 'zod';
import { rowShape } from './row.ts';
import { named } from './schemas.ts';
import { count, faultCode, moment } from './values.ts';

export const auditLine = named(
  'AuditLine',
  z.object({
    at: moment,
    actor: z.string(),
    action: z.string(),
    from: z.string().nullable(),
    to: z.string().nullable(),
    code: faultCode.nullable(),
    reason: z.string().nullable(),
    attemptId: z.string().nullable(),
  }),
);

export const attemptMade = named(
  'Attempt',
  z.object({
    id: z.string().meta({ description: 'The X-Request-Id.' }),
    step: z.string(),
    fence: count,
    instance: z.string(),
    begunAt: moment,
    endedAt: moment.nullable(),
    evidence: z.string().nullable().meta({ description: 'How far the request got.' }),
    httpStatus: z.int().nullable(),
    outcome: z.string().nullable(),
    code: faultCode.nullable(),
    leadId: z.string().nullable(),
  }),
);

const shownFields = z.record(z.string(), z.string());

const attemptTold = named(
  'AttemptTold',
  z.object({
    ...attemptMade.shape,
    request: z
      .object({
        endpoint: z.enum(['clientData', 'altaLead', 'updateLead']),
        method: z.string().nullable(),
        path: z.string().nullable(),
        fields: shownFields
          .nullable()
          .meta({ description: 'By the names of the Leads API; what is personal as `•••• (9)`, with its length.' }),
        withheld: z.string().nullable().meta({ description: 'Why there are no fields.' }),
      })
      .meta({ description: 'Made anew from what the ledger keeps.' }),
    answer: z
      .object({ fields: shownFields })
      .nullable()
      .meta({ description: 'What is kept of what came; null: no answer did.' }),
  }),
);

const lived = { history: z.array(auditLine), attemptsMade: z.array(attemptTold) };

/** As `leadsync lead --json`. */
export const leadLife = named(
  'LeadLife',
  z.object({
    ...rowShape,
    clientAnswer: z
      .object({
        client: z.boolean(),
        partnerManage: z.boolean(),
        agentId: z.string().nullable(),
        multiAcceso: z.boolean().nullable(),
        reference: z.string().nullable(),
      })
      .nullable(),
    checkedAt: moment.nullable(),
    ...lived,
    updates: z.array(z.object({ ...rowShape, estado: z.string(), ...lived })),
  }),
);
