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

const lived = { history: z.array(auditLine), attemptsMade: z.array(attemptMade) };

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
