import { z } from 'zod';
import { CronExpressionParser } from 'cron-parser';

const text = z.string().trim().min(1);
/** YAML reads 0051245 and 1 as numbers; a code is text. */
const code = text;
const words = z.array(z.union([text, z.boolean(), z.number()]).transform(String));

const pattern = z.strictObject({
  match: text.default('*.csv'),
  delimiter: z.enum([',', ';', '\t', '|']).optional(),
  encoding: z.enum(['utf-8', 'windows-1252', 'utf-16le', 'utf-16be']).optional(),
});

const cron = text.refine(isCron, 'expected a cron expression of 5 or 6 fields, such as "0 2 * * *"');
const timeZone = text.refine(isTimeZone, 'expected a time zone, such as Europe/Madrid');
const agent = z.string().regex(/^\d{7}$/, 'expected 7 digits in quotes, such as "0051245"');

const units = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 } as const;
const size = z.union([
  z.int().positive(),
  z
    .string()
    .regex(/^\d+ ?(B|KB|MB|GB)$/, 'expected a size such as 512MB')
    .transform((value) => {
      const [, count = '0', unit = 'B'] = /^(\d+) ?(\w+)$/.exec(value) ?? [];
      return Number(count) * units[unit as keyof typeof units];
    }),
]);

/** A partner's YAML, as people write it. Unknown keys are faults: a misspelt one would leave a default in force. */
export const partnerSchema = z.strictObject({
  partner: z.string().regex(/^[a-z0-9][a-z0-9_-]*$/, 'expected small letters, digits, - and _'),
  defaults: z.record(text, code).default({}),
  files: z.strictObject({ leads: pattern.optional(), updates: pattern.optional() }).default({}),
  columns: z.record(text, z.union([z.array(text).min(1), z.strictObject({ join: z.array(text).min(2) })])).default({}),
  identity: z.array(text).default([]),
  codes: z.record(text, z.record(text, code)).default({}),
  consent: z
    .strictObject({
      accepted: words.default(['sí', 'si', 'true', '1', 'yes']),
      refused: words.default(['no', 'false', '0']),
      onRefused: z.enum(['reject', 'send']).default('reject'),
      onBlank: z.enum(['reject', 'refused']).default('reject'),
    })
    .prefault({}),
  agent: z
    .strictObject({
      default: agent.optional(),
      byPostalCode: text.optional(),
      fromCheck: z.enum(['always', 'clientsOnly']).default('always'),
    })
    .prefault({}),
  canal: z.strictObject({ client: text.optional(), prospect: text.optional() }).default({}),
  withoutNif: z.enum(['reject', 'send']).default('reject'),
  tooLong: z.enum(['reject', 'shorten']).default('reject'),
  updates: z
    .strictObject({
      orderBy: text.optional(),
      afterFinal: z.enum(['reject', 'send']).default('reject'),
      unknownLeadId: z.enum(['reject', 'send']).default('reject'),
      observacion: text.optional(),
    })
    .prefault({}),
  schedule: z.strictObject({ cron, timeZone: timeZone.optional() }).optional(),
  results: z
    .strictObject({ echo: z.boolean().default(false), language: z.enum(['es', 'en']).default('es') })
    .prefault({}),
  communication: z.strictObject({ shared: text.optional(), own: text.optional() }).default({}),
  limits: z
    .strictObject({
      maxRows: z.int().positive().default(1_000_000),
      maxBytes: size.default(512 * units.MB),
      checksPerDay: z.int().positive().default(10_000),
    })
    .prefault({}),
});

export type PartnerYaml = z.infer<typeof partnerSchema>;

function isCron(value: string): boolean {
  try {
    CronExpressionParser.parse(value);
    return true;
  } catch {
    return false;
  }
}

function isTimeZone(value: string): boolean {
  return value === 'UTC' || Intl.supportedValuesOf('timeZone').includes(value);
}
