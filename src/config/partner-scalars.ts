import { z } from 'zod';
import { fold } from '../domain/fold.ts';
import { parseByteSize } from './byte-size.ts';

// Every scalar of a partner config arrives as the text that stands in the file. What is expected is what a fault says.

export function text(expected: string) {
  return z.string({ error: expected }).trim().min(1, { error: expected });
}

export function orNull(description: string) {
  return text('a text').nullable().default(null).describe(description);
}

export const yesOrNo = z.enum(['true', 'false']).transform((word) => word === 'true');

export function count(expected: string) {
  return z
    .string({ error: expected })
    .regex(/^\d{1,12}$/, { error: expected })
    .transform(Number);
}

export const words = z.array(text('a word').transform(fold), { error: 'a list of words' });

/** A number, or `off`: null. */
export function countOrOff(expected: string) {
  return (
    z
      .string({ error: expected })
      // Not as a pattern, which editors would hold against a number.
      .refine((written) => /^(\d{1,9}|off)$/.test(written), { error: expected })
      .transform((written) => (written === 'off' ? null : Number(written)))
  );
}

const unitsMs: Readonly<Record<string, number>> = { s: 1_000, min: 60_000, h: 3_600_000, d: 24 * 3_600_000 };

/** In milliseconds. */
export const duration = z
  .string({ error: 'a time such as 30min' })
  .regex(/^\d{1,6} ?(s|min|h|d)$/, { error: 'a time such as 45s, 30min, 12h or 30d' })
  .transform((written) => Number.parseInt(written, 10) * (unitsMs[/[a-z]+$/.exec(written)?.[0] ?? ''] ?? 0));

export const timeOfDay = text('a time').regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'a time such as "06:00"' });

/** In bytes. */
export const byteSize = text('a size').transform((size, context) => {
  const bytes = parseByteSize(size);
  if (bytes !== null) return bytes;
  context.addIssue({ code: 'custom', message: 'a size such as 512MB' });
  return z.NEVER;
});
