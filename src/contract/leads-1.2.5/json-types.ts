import { z } from 'zod';
import type { ZodType } from 'zod';

const said = (wrong: string) => (issue: { readonly input?: unknown }) =>
  issue.input === undefined || issue.input === null ? 'is required' : wrong;

/** A text with at least one character; `maxLength` counts characters (code points), not UTF-16 units. */
export function text(maxLength: number | null = null): z.ZodString {
  const some = z.string({ error: said('must be text') });
  if (maxLength === null) return some;
  return some
    .refine((value) => [...value].length <= maxLength, { error: `is longer than ${maxLength} characters` })
    .meta({ maxLength });
}

/** A code: a string of digits; a number is taken for one, as JSON clients write it. */
export function code(): ZodType<string, string | number> {
  const digits = z.string({ error: said('must be a code') }).regex(/^\d+$/, { error: 'must be digits' });
  return z.preprocess((value) => (typeof value === 'number' ? String(value) : value), digits) as ZodType<
    string,
    string | number
  >;
}

/** A boolean; a form body has only text, so 'true' and 'false' are taken for one. */
export function flag(): ZodType<boolean, boolean | string> {
  const known: Readonly<Record<string, boolean>> = { true: true, false: false };
  return z.preprocess(
    (value) => (typeof value === 'string' ? (known[value.toLowerCase()] ?? value) : value),
    z.boolean({ error: said('must be true or false') }),
  ) as ZodType<boolean, boolean | string>;
}

/** Required means present and not empty. */
export function filled(schema: z.ZodString): z.ZodString {
  return schema.min(1, { error: 'is required' });
}
