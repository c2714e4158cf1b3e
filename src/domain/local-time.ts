/** A date and a time of day as the wall clock of a time zone shows them: `2026-11-24`, `06:00`. */
export interface LocalTime {
  readonly date: string;
  readonly time: string;
}

const dayMs = 24 * 3_600_000;

/** What the wall clock of a time zone shows at a moment. */
export function localTimeAt(moment: Date, timeZone: string): LocalTime {
  const [date = '', time = ''] = clockIn(timeZone).format(moment).split(' ');
  return { date, time: time.slice(0, 5) };
}

/**
 * The moment at which the wall clock of a time zone shows this. An hour that a change of the clocks skips is taken as if
 * they had not changed yet (02:30 is then shown as 03:30); of an hour that comes twice the first counts.
 */
export function momentOf({ date, time }: LocalTime, timeZone: string): Date {
  const shown = Date.parse(`${date}T${time}Z`);
  // Clocks change once within two days, if at all.
  const [before, after] = [aheadMs(shown - dayMs, timeZone), aheadMs(shown + dayMs, timeZone)];
  const moments = [shown - before, shown - after].filter((moment) => aheadMs(moment, timeZone) === shown - moment);
  return new Date(moments.length === 0 ? shown - before : Math.min(...moments));
}

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export type Weekday = (typeof weekdays)[number];

export function weekdayOf(date: string): Weekday {
  const sundayFirst = new Date(Date.parse(`${date}T00:00Z`)).getUTCDay();
  return weekdays[(sundayFirst + 6) % 7] ?? 'mon';
}

/** A date that exists, in the form `2026-11-24`. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const read = new Date(`${text}T00:00Z`);
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(text);
}

function aheadMs(moment: number, timeZone: string): number {
  return Date.parse(`${clockIn(timeZone).format(moment).replace(' ', 'T')}Z`) - Math.floor(moment / 1_000) * 1_000;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockIn(timeZone: string): Intl.DateTimeFormat {
  const clock =
    clocks.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  clocks.set(timeZone, clock);
  return clock;
}
