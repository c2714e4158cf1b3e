import { z } from 'zod';
import { usualFrom } from '../domain/expectation.ts';
import { fileKinds } from '../domain/file-life.ts';
import type { Holidays } from '../domain/holidays.ts';
import { isDate, weekdays, type Weekday } from '../domain/local-time.ts';
import { count, text, timeOfDay } from './partner-scalars.ts';

const oneDay = `(${weekdays.join('|')})`;

const days = text('days')
  .regex(new RegExp(`^${oneDay}(-${oneDay})?$`), { error: 'days such as mon-fri' })
  .prefault('mon-sun')
  .transform(daysOf)
  .describe('A weekday, or two with a - between them.');

/** `mon-fri`, `sat`, `sun-thu`. */
function daysOf(written: string): readonly Weekday[] {
  const [first, last = first] = written.split('-');
  const at = (day: string | undefined): number => weekdays.findIndex((one) => one === day);
  const many = ((at(last) - at(first) + weekdays.length) % weekdays.length) + 1;
  return Array.from({ length: many }, (_, step) => weekdays[(at(first) + step) % weekdays.length] ?? 'mon');
}

export const expectations = z
  .array(
    z
      .strictObject({
        kind: z.enum(fileKinds).describe('What they hold.'),
        files: count('how many files').pipe(z.number().min(1)).describe('How many.'),
        by: timeOfDay.describe('A time such as "06:00".'),
        days,
        from: timeOfDay
          .nullable()
          .default(null)
          .describe(
            'Files count for a day from this hour on, up to the same hour a day later. Absent: from noon of the day before, or from midnight where `by` is after noon.',
          ),
      })
      .transform(({ from, ...rest }) => ({ ...rest, from: from ?? usualFrom(rest.by) })),
  )
  .default([])
  .describe('Which files are expected. One that is missing, late or too many is an alarm.');

/** A date that comes every year, or once. */
const holiday = text('a date').refine((written) => written === 'es' || isDayOfYear(written) || isDate(written), {
  error: 'es, a date such as "2026-11-09", or "12-24" for every year',
});

export const holidays = z
  .array(holiday, { error: 'a list of dates' })
  .default([])
  .transform((written): Holidays => ({ spain: written.includes('es'), dates: written.filter((one) => one !== 'es') }))
  .describe(
    'Days on which no file is expected: a date, a day of every year such as "12-24", or es for the national holidays of Spain.',
  );

/** The 29th of February, too. */
function isDayOfYear(written: string): boolean {
  return isDate(`2024-${written}`);
}
