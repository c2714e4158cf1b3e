import { z } from 'zod';
import { named } from './schemas.ts';
import { count, faultCode, ledgerId, moment } from './values.ts';

const auditEvent = named(
  'AuditEvent',
  z.object({
    seq: z.string(),
    at: moment,
    actor: z.string(),
    action: z.string(),
    partner: z.string().nullable(),
    fileId: ledgerId.nullable(),
    rowId: ledgerId.nullable(),
    from: z.string().nullable(),
    to: z.string().nullable(),
    code: faultCode.nullable(),
    reason: z.string().nullable(),
    detail: z.unknown().meta({ description: 'Numbers and ids; never a value of a person.' }),
  }),
);

export const auditPage = named(
  'AuditPage',
  z.object({ events: z.array(auditEvent), next: z.string().nullable(), lookedAt: count.nullable() }),
);

/** Of this console; `verdict` as `leadsync audit verify --json`. */
export const verification = named(
  'Verification',
  z.object({
    state: z.enum(['never', 'under_way', 'failed', 'done']),
    by: z.string().nullable(),
    at: moment.nullable(),
    verdict: z
      .object({
        ok: z.boolean(),
        entries: count,
        seals: count,
        unsealed: count,
        checkpoints: count,
        faults: z.array(z.object({ kind: z.string(), seal: count, seq: z.string().optional() })),
        faultCount: count,
      })
      .nullable(),
  }),
);
