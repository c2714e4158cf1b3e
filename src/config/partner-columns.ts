import { z } from 'zod';
import { fold } from '../domain/fold.ts';
import { isOptOut } from '../domain/header-aliases.ts';
import { text } from './partner-scalars.ts';

const headerNames = z.array(text('a header')).min(1);

const headers = z
  .union(
    [
      headerNames.describe('The first of them that the file has.'),
      text('a header'),
      z.strictObject({ join: headerNames.describe('All of them, joined with a space.') }),
    ],
    { error: 'a list of headers, or { join: [header, header] }' },
  )
  .meta({ id: 'headers' });

/** The headers that may hold a field: a list, one, or several to be joined. */
export const columnSource = headers.transform(toSource);

/** The same for acceptTerms. An opt-out is refused: a yes in such a column is a no. */
export const consentSource = headers
  .superRefine((source, context) => {
    for (const { header, path } of namedIn(source)) {
      if (isOptOut(fold(header))) {
        context.addIssue({ code: 'custom', message: 'a column in which a yes is a consent and not a no', path });
      }
    }
  })
  .transform(toSource);

function toSource(source: z.output<typeof headers>) {
  if (typeof source === 'string') return { headers: [source] };
  return Array.isArray(source) ? { headers: source } : source;
}

function namedIn(source: z.output<typeof headers>): readonly { header: string; path: (string | number)[] }[] {
  if (typeof source === 'string') return [{ header: source, path: [] }];
  if (Array.isArray(source)) return source.map((header, at) => ({ header, path: [at] }));
  return source.join.map((header, at) => ({ header, path: ['join', at] }));
}

/** Codes by the folded word of the partner. Two words that fold to one must not mean two things. */
export const codeWords = z.record(z.string(), text('a code')).transform((record, context) => {
  const codes: Record<string, string> = {};
  for (const [word, code] of Object.entries(record)) {
    const folded = fold(word);
    if (Object.hasOwn(codes, folded) && codes[folded] !== code) {
      context.addIssue({
        code: 'custom',
        message: 'one code for words that differ in accents, case or spaces only',
        path: [word],
      });
    }
    codes[folded] = code;
  }
  return codes;
});
