import { CronExpressionParser } from 'cron-parser';
import iconv from 'iconv-lite';
import { z } from 'zod';
import { readAgent } from '../domain/agent.ts';
import { noWords, yesWords } from '../domain/boolean-words.ts';
import { isCompanionTemplate } from '../domain/companion-file.ts';
import { updateFieldNames } from '../domain/update-field-names.ts';
import { codeWords, columnSource, consentSource } from './partner-columns.ts';
import { expectations, holidays } from './partner-expectations.ts';
import { guardRules, oneDelimiter, recheck, resultFile } from './partner-guard.ts';
import { archive, retention } from './partner-retention.ts';
import { byteSize, count, countOrOff, duration, orNull, text, words, yesOrNo } from './partner-scalars.ts';
import { webhook } from './partner-webhook.ts';
import { isTimeZone } from './time-zone.ts';

/** What a partner config can speak of, as the contract has it. */
export interface ConfigurableField {
  readonly name: string;
  /** From the specification, for editors. */
  readonly description?: string;
}

/** One value of these for every row would turn all people into one, or call a stranger; no code stands for one. */
const personal: ReadonlySet<string> = new Set(['dni', 'email', 'leadId', 'partnerLeadId', 'phone']);

/**
 * The shape of partners/<id>.yaml for a contract with these fields of a lead. Every scalar arrives as the text that
 * stands in the file (see partner-yaml.ts). The error of a schema is what a fault says was expected; a key that is not
 * here is a fault. The descriptions are what editors show.
 */
export function partnerSchemaFor(leadFields: readonly ConfigurableField[], id: string, timeZone: string) {
  const known = new Set(leadFields.map(({ name }) => name));
  const all = [...leadFields, ...ofUpdates.filter(({ name }) => !known.has(name))];
  const constant = all.filter(({ name }) => !personal.has(name));
  return z
    .strictObject({
      partner: z
        .literal(id, { error: `the file's own name, "${id}"` })
        .describe('The id of the partner: the name of this file, and of its folder in the inbox. It never changes.'),
      defaults: byField(constant, () => text('a text'))
        .default({})
        .describe("Constants: values of fields for every row that has none of its own. In the contract's codes."),
      files: z
        .strictObject({
          leads: filePattern.describe('Files whose rows are leads to create.'),
          updates: filePattern.describe('Files whose rows say what has become of leads.'),
          mixed: filePattern.describe(
            'Files whose rows are leads to create and say, in the column of the estado, what has become of them.',
          ),
          done: companion.describe(
            'The name of a file that says that another one is complete, such as "{name}.done": a file is taken in once its own is there. {name}: the whole name of the file. {stem}: without its ending.',
          ),
          checksum: companion.describe(
            'The name of a file with the SHA-256 of another one, as sha256sum writes it, such as "{name}.sha256": a file is taken in once its own is there, and rejected where that names another sum.',
          ),
        })
        .partial()
        .default({})
        .describe('Which files are read, and as what. Without patterns every *.csv, *.tsv and *.txt is leads.'),
      columns: byField(all, (field) => (field === 'acceptTerms' ? consentSource : columnSource))
        .default({})
        .describe(
          'Field: the headers that may hold it. Letter case, accents, spaces and punctuation do not matter. A field that is not named here is looked for by the usual headers; a column that no field claims is never read.',
        ),
      identity: z
        .array(z.enum(leadFields.map(({ name }) => name).filter((name) => name !== 'partnerLeadId')))
        .default([])
        .describe(
          "Fields that make a lead together with partnerLeadId, where the CRM's id is a contact's and not an enquiry's. Changing it makes every lead of the past a new one.",
        ),
      // acceptTerms is read by `consent` alone: no code table makes a consent.
      codes: byField(
        constant.filter(({ name }) => name !== 'acceptTerms'),
        () => codeWords,
      )
        .default({})
        .describe(
          "Field: the partner's words and the codes that they stand for. A word that is not listed rejects its row and is answered with this list; a listed code stands for itself.",
        ),
      consent: consent.prefault({}),
      agent: agent.prefault({}),
      canal: z
        .strictObject({
          client: orNull('For clients of the insurer.'),
          prospect: orNull('For everyone else.'),
        })
        .prefault({})
        .describe('What is sent as canal where the row has none.'),
      withoutNif: z
        .enum(['reject', 'send'])
        .default('reject')
        .describe('A row without a NIF can not be checked. send: by agreement with the insurer, without the check.'),
      tooLong: z
        .enum(['reject', 'shorten'])
        .default('reject')
        .describe('A name that is longer than the contract allows: reject the row, or shorten at a word.'),
      updates: updates.prefault({}),
      schedule: schedule(timeZone),
      expect: expectations,
      holidays,
      drift: guardRules,
      firstRows: count('a number of rows')
        .prefault('0')
        .describe(
          'After a change of this config so many rows of a file are sent, and the others when a person releases the file. 0: all at once.',
        ),
      recheck: recheck.prefault({}),
      results: resultFile.prefault({}),
      archive: archive.prefault({}),
      retention: retention.prefault({}),
      webhook,
      communication: z
        .strictObject({
          shared: orNull('With multiAcceso: the agent takes part in the general distribution.'),
          own: orNull('Without: this agent is the contact.'),
        })
        .prefault({})
        .describe("What the partner's own people should say, by multiAcceso. Goes into the result file."),
      limits: limits.prefault({}),
    })
    .readonly();
}

const ofUpdates: readonly ConfigurableField[] = updateFieldNames.map((name) => ({
  name,
  description: {
    leadId: "In updates and mixed files: the insurer's id of the lead.",
    partnerLeadId: "The partner's id of the lead.",
    estado: 'In updates and mixed files: what has become of the lead. 20 closes it.',
    observacion: 'In updates and mixed files: what is said about it.',
  }[name],
}));

function byField<S extends z.ZodType>(fields: readonly ConfigurableField[], valueOf: (field: string) => S) {
  return z
    .strictObject(
      Object.fromEntries(
        fields.map(({ name, description }) => {
          const value = valueOf(name).optional();
          return [name, description === undefined ? value : value.describe(description)];
        }),
      ),
    )
    .transform((record) => record as Readonly<Record<string, z.output<S>>>);
}

const companion = text('a name with {name} or {stem}').refine(isCompanionTemplate, {
  error: 'a name with {name} or {stem} and something beside it, such as "{name}.done"',
});

const filePattern = z
  .strictObject({
    match: text('a pattern')
      .regex(/^[^/\\]+$/, { error: 'a pattern for a file name, without folders' })
      .describe("A pattern for the file's name: * stands for any letters, ? for one. Letter case does not matter."),
    delimiter: oneDelimiter.optional().describe('What stands between cells. Absent: detected.'),
    encoding: text('an encoding')
      .refine((name) => iconv.encodingExists(name), { error: 'an encoding such as utf-8 or windows-1252' })
      .optional()
      .describe('Absent: detected.'),
  })
  .transform(({ match, delimiter, encoding }) => ({
    match,
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(encoding === undefined ? {} : { encoding }),
  }));

const consent = z
  .strictObject({
    accepted: words.prefault([...yesWords]).describe('The words that are a consent.'),
    refused: words.prefault([...noWords]).describe('The words that are none.'),
    onRefused: z
      .enum(['reject', 'send'])
      .default('reject')
      .describe('send: the lead is created with acceptTerms false, by agreement with the insurer.'),
    onBlank: z
      .enum(['reject', 'refused'])
      .default('reject')
      .describe('An empty cell. refused: as a word of that list.'),
  })
  .refine(({ accepted, refused }) => accepted.every((word) => !refused.includes(word)), {
    error: 'no word in both lists',
    path: ['accepted'],
  })
  .describe('How acceptTerms is read. A word in neither list always rejects its row.');

const agentNumber = text('an agent').transform((cell, context) => {
  const read = readAgent(cell);
  if (read.kind === 'agent') return read.agenteId;
  context.addIssue({ code: 'custom', message: 'an agent of up to 7 digits' });
  return z.NEVER;
});

const agent = z
  .strictObject({
    default: agentNumber
      .nullable()
      .default(null)
      .describe('Seven digits. For rows that nothing else names an agent for.'),
    byPostalCode: text('a file name')
      .regex(/^[\w][\w .-]*\.csv$/i, { error: 'the name of a CSV file beside this one' })
      .nullable()
      .default(null)
      .describe('The name of a CSV file beside this one: postal code, agent.'),
    fromCheck: z
      .enum(['always', 'clientsOnly'])
      .default('always')
      .describe("Whose agent of the client check is taken: everyone's, or that of clients only."),
  })
  .describe(
    "Who gets a lead that the client check names no agent for: the row's column, the postal code, the default.",
  );

const updates = z
  .strictObject({
    orderBy: orNull('The header of the date that orders the updates of a lead. Absent: the order of arrival.'),
    afterFinal: z
      .enum(['reject', 'send'])
      .default('reject')
      .describe('An update for a lead whose last estado was final.'),
    unknownLeadId: z
      .enum(['reject', 'send'])
      .default('reject')
      .describe('An update that names a leadId that the ledger does not have.'),
    observacion: text('a text')
      .refine((template) => !/[{}]/.test(template.replaceAll('{estado}', '')), {
        error: 'a text with no place but {estado}',
      })
      .nullable()
      .default(null)
      .describe("For rows without a comment. {estado} stands for the row's own word."),
    maxObservacion: countOrOff('a number of characters, or off')
      .prefault('4000')
      .describe('An update with a longer observacion is rejected: the contract names no limit. off: none.'),
    finalEstados: z
      .array(text('an estado').regex(/^\d+$/, { error: 'an estado, in digits' }), { error: 'a list of estados' })
      .default([])
      .describe('Values of estado that close a lead, beside 20.'),
    initial: words
      .prefault([])
      .describe('Words of the estado column with which a lead begins. In mixed files they make no update.'),
    coalesce: yesOrNo
      .prefault('false')
      .describe('true: of several updates of a lead that wait at once only the newest is sent.'),
    patience: duration
      .nullable()
      .default(null)
      .describe('How long an update waits for its lead to be registered. Absent: LEADSYNC_UPDATE_PATIENCE_MS.'),
  })
  .transform(({ patience, ...rest }) => ({ ...rest, patienceMs: patience }))
  .describe('How updates are read and sent.');

function schedule(timeZone: string) {
  return z
    .strictObject({
      cron: text('a cron expression')
        .refine(isCron, { error: 'a cron expression of 5 or 6 fields' })
        .describe('Minute, hour, day, month, weekday.'),
      timeZone: text('a time zone')
        .refine(isTimeZone, { error: 'a time zone such as Europe/Madrid' })
        .default(timeZone)
        .describe('Absent: LEADSYNC_TIME_ZONE.'),
    })
    .nullable()
    .default(null)
    .describe('When files are read and sent: those that arrive before wait for this hour. Absent: on arrival.');
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

const limits = z
  .strictObject({
    maxRows: count('a number of rows').prefault('1000000').describe('A longer file is refused.'),
    maxBytes: byteSize.prefault('512MB').describe('A larger file is refused. B, KB, MB or GB.'),
    maxCell: count('a number of characters')
      .prefault('32767')
      .describe('A row with a longer cell is refused. In characters; the default is what a spreadsheet can hold.'),
    checksPerDay: count('a number of client checks')
      .prefault('10000')
      .describe('Kept for a later version; nothing reads it yet.'),
    rowsPerId: countOrOff('a number of rows, or off')
      .prefault('3')
      .describe("More rows that differ and have one partnerLeadId hold the file: the id looks like a contact's."),
  })
  .describe('What is too much.');
