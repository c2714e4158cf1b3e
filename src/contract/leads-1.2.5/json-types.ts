import { z } from 'zod';
import type { ZodType } from 'zod';

const said = (wrong: string) => (issue: { readonly input?: unknown }) =>
  issue.input === undefined ? 'is required' : wrong;

export interface TextRules {
  /** In characters (code points of the NFC form), not in bytes or UTF-16 units. Null: no limit. */
  readonly maxLength?: number | null;
  /** Present, and more than blanks. */
  readonly required?: boolean;
  /** An empty text passes where the field is optional: it is as good as absent. */
  readonly pattern?: RegExp | null;
  readonly patternSays?: string | null;
  readonly values?: readonly string[] | null;
}

/**
 * A text as it is kept: composed (NFC), and one that any database can hold. Of the rules it breaks it is told the first:
 * one field, one message.
 */
export function text(rules: TextRules = {}): z.ZodString {
  const { maxLength = null, required = false, pattern = null, patternSays, values = null } = rules;
  let schema = z
    .string({ error: said('must be text') })
    .normalize('NFC')
    .refine((value) => value.isWellFormed() && !value.includes('\0'), {
      error: 'has a character that is none: NUL, or half of a surrogate pair',
      abort: true,
    });
  if (required) {
    schema = schema
      .refine((value) => value.trim() !== '', { error: 'is required', abort: true })
      .meta({ minLength: 1 });
  }
  if (maxLength !== null) {
    schema = schema
      .refine((value) => [...value].length <= maxLength, {
        error: `is longer than ${maxLength} characters`,
        abort: true,
      })
      .meta({ maxLength });
  }
  const isAbsent = (value: string) => value === '' && !required;
  if (values !== null) {
    schema = schema.refine((value) => isAbsent(value) || values.includes(value), {
      error: `must be one of ${values.join(', ')}`,
      abort: true,
    });
  }
  if (pattern !== null) {
    schema = schema
      .refine((value) => isAbsent(value) || pattern.test(value), {
        error: `must be ${patternSays ?? pattern.source}`,
        abort: true,
      })
      .meta({ pattern: pattern.source });
  }
  return schema;
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
