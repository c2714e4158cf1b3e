import { z } from 'zod';
import { fileKinds, fileStates } from '../../../domain/file-life.ts';
import { rowStates } from '../../../view/outcome-words.ts';

/** Numbers of the ledger are texts: they grow beyond what JSON's numbers hold exactly. */
export const ledgerId = z.string().regex(/^\d{1,18}$/);
export const moment = z.iso.datetime().meta({ description: 'UTC' });
export const date = z.iso.date();
export const count = z.int().nonnegative();
/** Codes are added, so they are no closed list here. */
export const faultCode = z
  .string()
  .regex(/^[A-Z][A-Z_]+$/)
  .meta({ description: 'docs/faults.md' });
export const rowKind = z.enum(['lead', 'update']);
export const fileKind = z.enum(fileKinds);
export const fileState = z.enum(fileStates);
export const rowState = z.enum(rowStates);
export const counts = z.record(z.string(), count);

/** A text as PostgreSQL can hold it. */
export function text(most: number) {
  return z
    .string()
    .min(1)
    .max(most)
    .refine((given) => !given.includes('\0') && given.isWellFormed(), { error: 'without NUL and half characters' });
}
