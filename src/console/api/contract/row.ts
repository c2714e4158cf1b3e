import { z } from 'zod';
import { named } from './schemas.ts';
import { count, faultCode, ledgerId, moment, rowKind, rowState } from './values.ts';

export const problem = named(
  'Problem',
  z.object({
    code: faultCode,
    column: z.string().optional(),
    detail: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  }),
);

/** As `leadsync rows --json`, with what is personal in `partnerLeadId` and `message` masked. */
export const rowShape = {
  id: ledgerId,
  fileId: ledgerId.nullable(),
  row: count.nullable(),
  kind: rowKind,
  partner: z.string(),
  partnerLeadId: z.string().nullable(),
  state: rowState,
  version: count,
  step: z.enum(['check', 'create', 'push']).nullable(),
  code: faultCode.nullable(),
  problems: z.array(problem),
  warnings: z.array(problem),
  message: z.string().nullable(),
  leadId: z.string().nullable(),
  idLanding: z.string().nullable(),
  agenteId: z.string().nullable(),
  duplicateOf: ledgerId.nullable(),
  leadRow: ledgerId.nullable(),
  attempts: count,
  replays: count,
  nextAt: moment.nullable(),
  createdAt: moment,
  updatedAt: moment,
  erasure: z.string().nullable(),
  retention: z.enum(['blocked', 'destroyed']).nullable(),
};

export const row = named('Row', z.object(rowShape));

export const rowPage = named(
  'RowPage',
  z.object({
    rows: z.array(row),
    all: count.nullable().meta({ description: 'Of all pages. null: it would have to be counted.' }),
    next: ledgerId.nullable().meta({ description: 'For `after`. null: there are no more.' }),
    lookedAt: count.nullable().meta({ description: 'So many were looked at without filling the page.' }),
  }),
);
