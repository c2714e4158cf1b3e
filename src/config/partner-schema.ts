import { CronExpressionParser } from 'cron-parser';
import iconv from 'iconv-lite';
import { z } from 'zod';
import { readAgent } from '../domain/agent.ts';
import { fold } from '../domain/fold.ts';
import { parseByteSize } from './byte-size.ts';
import { fieldsWithDefaults, partnerFields, partnerLeadFields } from './partner-fields.ts';
import { isTimeZone } from './time-zone.ts';

/**
 * The shape of partners/<id>.yaml. Every scalar arrives as the text that stands in the file (see partner-yaml.ts). The
 * error of a schema is what a fault says was expected; a key that is not here is a fault.
 */
export function partnerSchema(id: string, timeZone: string) {
  return z
    .strictObject({
      partner: z.literal(id, { error: `the file's own name, "${id}"` }),
      defaults: z.partialRecord(z.enum(fieldsWithDefaults), text('a text')).default({}),
      files: z.strictObject({ leads: filePattern, updates: filePattern }).partial().default({}),
      columns: z.partialRecord(z.enum(partnerFields), columnSource).default({}),
      identity: z.array(z.enum(partnerLeadFields).exclude(['partnerLeadId'])).default([]),
      codes: z.partialRecord(z.enum(partnerFields), codeWords).default({}),
      consent: consent.prefault({}),
      agent: agent.prefault({}),
      canal: z.strictObject({ client: orNull(), prospect: orNull() }).prefault({}),
      withoutNif: z.enum(['reject', 'send']).default('reject'),
      tooLong: z.enum(['reject', 'shorten']).default('reject'),
      updates: updates.prefault({}),
      schedule: schedule(timeZone),
      expect: z.array(expected).default([]),
      results: results.prefault({}),
      communication: z.strictObject({ shared: orNull(), own: orNull() }).prefault({}),
      limits: limits.prefault({}),
    })
    .readonly();
}

function text(expected: string) {
  return z.string({ error: expected }).trim().min(1, { error: expected });
}

function orNull() {
  return text('a text').nullable().default(null);
}

const yesOrNo = z.enum(['true', 'false']).transform((word) => word === 'true');

function count(expected: string) {
  return z
    .string({ error: expected })
    .regex(/^\d{1,12}$/, { error: expected })
    .transform(Number);
}

const words = z.array(text('a word').transform(fold), { error: 'a list of words' });

const filePattern = z
  .strictObject({
    match: text('a pattern').regex(/^[^/\\]+$/, { error: 'a pattern for a file name, without folders' }),
    // One character and not trimmed: it may be a tab.
    delimiter: z
      .string()
      .regex(/^[^"'\r\n\w]$/, { error: 'one character, such as ";" or "\\t"' })
      .optional(),
    encoding: text('an encoding')
      .refine((name) => iconv.encodingExists(name), { error: 'an encoding such as utf-8 or windows-1252' })
      .optional(),
  })
  .transform(({ match, delimiter, encoding }) => ({
    match,
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(encoding === undefined ? {} : { encoding }),
  }));

const headerNames = z.array(text('a header')).min(1);

const columnSource = z.union(
  [
    headerNames.transform((headers) => ({ headers })),
    text('a header').transform((header) => ({ headers: [header] })),
    z.strictObject({ join: headerNames }),
  ],
  { error: 'a list of headers, or { join: [header, header] }' },
);

/** By the folded word. Two words that fold to one must not mean two things. */
const codeWords = z.record(z.string(), text('a code')).transform((record, context) => {
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

const consent = z
  .strictObject({
    accepted: words.default(['si', 's', 'yes', 'y', 'true', 'verdadero', '1']),
    refused: words.default(['no', 'n', 'false', 'falso', '0']),
    onRefused: z.enum(['reject', 'send']).default('reject'),
    onBlank: z.enum(['reject', 'refused']).default('reject'),
  })
  .refine(({ accepted, refused }) => accepted.every((word) => !refused.includes(word)), {
    error: 'no word in both lists',
    path: ['accepted'],
  });

const agentNumber = text('an agent').transform((cell, context) => {
  const read = readAgent(cell);
  if (read.kind === 'agent') return read.agenteId;
  context.addIssue({ code: 'custom', message: 'an agent of up to 7 digits' });
  return z.NEVER;
});

const agent = z.strictObject({
  default: agentNumber.nullable().default(null),
  byPostalCode: text('a file name')
    .regex(/^[\w][\w .-]*\.csv$/i, { error: 'the name of a CSV file beside this one' })
    .nullable()
    .default(null),
  fromCheck: z.enum(['always', 'clientsOnly']).default('always'),
});

const updates = z.strictObject({
  orderBy: orNull(),
  afterFinal: z.enum(['reject', 'send']).default('reject'),
  unknownLeadId: z.enum(['reject', 'send']).default('reject'),
  observacion: text('a text')
    .refine((template) => !/[{}]/.test(template.replaceAll('{estado}', '')), {
      error: 'a text with no place but {estado}',
    })
    .nullable()
    .default(null),
});

function schedule(timeZone: string) {
  return z
    .strictObject({
      cron: text('a cron expression').refine(isCron, { error: 'a cron expression of 5 or 6 fields' }),
      timeZone: text('a time zone')
        .refine(isTimeZone, { error: 'a time zone such as Europe/Madrid' })
        .default(timeZone),
    })
    .nullable()
    .default(null);
}

function isCron(expression: string): boolean {
  // cron-parser fills up what is missing: `0 2` would be every day of the second month.
  if (![5, 6].includes(expression.split(/\s+/).length)) return false;
  try {
    CronExpressionParser.parse(expression).next();
    return true;
  } catch {
    return false;
  }
}

const weekdays = '(mon|tue|wed|thu|fri|sat|sun)';

const expected = z.strictObject({
  kind: z.enum(['leads', 'updates']),
  files: count('how many files').pipe(z.number().min(1)),
  by: text('a time').regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'a time such as "06:00"' }),
  days: text('days')
    .regex(new RegExp(`^${weekdays}(-${weekdays})?$`), { error: 'days such as mon-fri' })
    .default('mon-sun'),
});

const results = z.strictObject({
  echo: yesOrNo.default(false),
  language: z.enum(['es', 'en']).default('es'),
});

const limits = z.strictObject({
  maxRows: count('a number of rows').default(1_000_000),
  maxBytes: text('a size')
    .transform((size, context) => {
      const bytes = parseByteSize(size);
      if (bytes !== null) return bytes;
      context.addIssue({ code: 'custom', message: 'a size such as 512MB' });
      return z.NEVER;
    })
    .default(512 * 2 ** 20),
  checksPerDay: count('a number of client checks').default(10_000),
});
