import { z } from 'zod';
import { need } from './need.ts';
import { due } from './partner.ts';
import { named } from './schemas.ts';
import { count, counts, date, faultCode, fileKind, fileState, ledgerId, moment } from './values.ts';

const partnerNight = named(
  'PartnerNight',
  z.object({
    partner: z.string(),
    run: z
      .object({ hourAt: moment, begunAt: moment, passed: count })
      .nullable()
      .meta({ description: 'Null: there was none. `passed`: hours that it made up for.' }),
    nextRunAt: moment.nullable(),
    expected: z.array(due),
    files: z.array(
      z.object({
        id: ledgerId,
        kind: fileKind,
        state: fileState,
        code: faultCode.nullable(),
        arrivedAt: moment,
        dueAt: moment,
        settledAt: moment.nullable(),
        waitsForRun: z.boolean(),
        rows: count,
      }),
    ),
    outcomes: z
      .object({ lead: counts, update: counts })
      .partial()
      .meta({ description: 'Rows of these files by kind and state, as things stand now.' }),
    forecast: z
      .object({
        deadline: moment,
        callsLeft: count,
        ratePerSecond: z.number().nullable(),
        doneAt: moment.nullable(),
        goesOnBy: moment.nullable(),
        isInTime: z.boolean(),
      })
      .nullable()
      .meta({ description: 'Null: the results are there, or nobody waits for them at a certain hour.' }),
  }),
);

const stoppage = named(
  'Stoppage',
  z.object({
    kind: z.enum(['outage', 'halt', 'pause']),
    of: z.string().nullable(),
    since: moment,
    until: moment.nullable(),
    cause: z.string().nullable(),
    actor: z.string().nullable(),
    reason: z.string().nullable(),
  }),
  'Calls were held: of an endpoint, of a partner, or (`of` is null) of everything.',
);

/** As `leadsync report --json`. */
export const report = named(
  'Report',
  z.object({
    night: date,
    from: moment,
    to: moment,
    timeZone: z.string(),
    isOver: z.boolean(),
    partners: z.array(partnerNight),
    stoppages: z.array(stoppage),
    told: z.array(
      z.object({
        channel: z.enum(['file', 'webhook', 'email']),
        recipient: z.string().nullable().meta({ description: 'A partner. Null: those who run leadsync.' }),
        state: z.enum(['pending', 'delivered', 'given_up']),
        code: faultCode.nullable(),
        at: moment.nullable(),
      }),
    ),
    needsPerson: z.array(need).meta({ description: 'As things stand now, of all partners.' }),
  }),
);
