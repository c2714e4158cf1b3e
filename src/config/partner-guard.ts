import { z } from 'zod';
import { resultEncodings } from '../domain/result-encoding.ts';
import { countOrOff, duration, timeOfDay, yesOrNo } from './partner-scalars.ts';

/** One character and not trimmed: it may be a tab. */
export const oneDelimiter = z.string().regex(/^[^"'\r\n\w]$/, { error: 'one character, such as ";" or "\\t"' });

const rules = z.strictObject({
  header: yesOrNo.prefault('true').describe('Hold a file whose header is not that of the last accepted one.'),
  smallerPercent: countOrOff('a percentage, or off')
    .prefault('60')
    .describe('Hold a file that has so many percent fewer rows than usual: the median of the last ten.'),
  biggerTimes: countOrOff('a number, or off')
    .prefault('5')
    .describe('Hold a file that has more than so many times the usual rows.'),
  emptiedPercent: countOrOff('a percentage, or off')
    .prefault('90')
    .describe('Hold a file in which a field is empty that more than so many percent of the rows used to have.'),
});

const nothing = { header: false, smallerPercent: null, biggerTimes: null, emptiedPercent: null } as const;

/** What a file is held for before its first call. */
export const guardRules = z
  .union([z.literal('off'), rules], { error: 'off, or { header, smallerPercent, biggerTimes, emptiedPercent }' })
  .prefault({})
  .transform((written) => (written === 'off' ? nothing : written))
  .describe('A file that is unlike those before it is held before the first call, until a person lets it through.');

export const recheck = z
  .strictObject({
    notManaged: duration
      .prefault('30d')
      .describe('A client that the partner did not manage is asked about again after so long.'),
  })
  .transform(({ notManaged }) => ({ notManagedMs: notManaged }))
  .describe('When what has ended is asked again.');

export const resultFile = z
  .strictObject({
    echo: yesOrNo.prefault('false').describe('Kept for a later version; nothing reads it yet.'),
    language: z.enum(['es', 'en']).default('es').describe('Of what the partner is told.'),
    encoding: z
      .enum(resultEncodings)
      .default('utf-8')
      .describe('utf-8 has a byte order mark, for Excel. windows-1252 has a ? for every character that it lacks.'),
    delimiter: oneDelimiter.nullable().default(null).describe("Absent: the file's own."),
    every: duration
      .prefault('30min')
      .describe('While a file is worked on, its result is issued so often, with the rest as pending.'),
    by: timeOfDay
      .nullable()
      .default(null)
      .describe(
        'When the results of a night have to be there, such as "07:00". A forecast that says otherwise is an alarm.',
      ),
    summary: yesOrNo
      .prefault('false')
      .describe('Put a summary of each night beside the results, a text in that language (LEADSYNC_SUMMARY_AT).'),
  })
  .transform(({ every, ...rest }) => ({ ...rest, everyMs: every }))
  .describe('The result file.');
