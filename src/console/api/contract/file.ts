import { z } from 'zod';
import { auditLine } from './lead-life.ts';
import { problem } from './row.ts';
import { named } from './schemas.ts';
import { count, counts, date, faultCode, fileKind, fileState, ledgerId, moment } from './values.ts';

/** As an entry of `files` in `leadsync status --json`. */
const fileShape = {
  id: ledgerId,
  partner: z.string(),
  kind: fileKind,
  name: z.string().meta({ description: 'What is personal in it is masked; a name of a person can not be told.' }),
  state: fileState,
  code: faultCode.nullable(),
  sameAs: ledgerId.nullable(),
  heldBecause: z.array(problem),
  heldBack: count,
  rows: counts,
  rowsByKind: z.record(z.string(), counts),
  share: z.number(),
  arrivedAt: moment,
  dueAt: moment,
  waitsForRun: z.boolean(),
  night: date.nullable(),
  settledAt: moment.nullable(),
  resultVersion: count,
};

export const file = named('File', z.object(fileShape));

export const filePage = named(
  'FilePage',
  z.object({
    files: z.array(file),
    next: ledgerId.nullable().meta({ description: 'For `before`. null: there are no older ones.' }),
  }),
);

export const fileLife = named(
  'FileLife',
  z.object({
    ...fileShape,
    history: z.array(auditLine),
    seen: z.string().meta({ description: 'For /files/{file}/cancel. Changes with whatever is done to the file.' }),
  }),
);
