import type { FileKind } from './file-life.ts';
import { isHoliday, type Holidays } from './holidays.ts';
import { addDays, localTimeAt, momentOf, weekdayOf, type Weekday } from './local-time.ts';

/** So many files of a kind by an hour of certain days. Hours are those of the partner's time zone. */
export interface Expectation {
  readonly kind: FileKind;
  readonly files: number;
  readonly by: string;
  /** Files count for a day from this hour on, up to the same hour a day later. At or after `by`: of the day before. */
  readonly from: string;
  readonly days: readonly Weekday[];
}

export interface Calendar {
  readonly timeZone: string;
  readonly holidays: Holidays;
}

/** What is expected for one day. */
export interface Due {
  readonly expectation: Expectation;
  /** The day of `by`. */
  readonly date: string;
  readonly by: Date;
  /** Files that arrive from here on and before `to` are this day's. */
  readonly from: Date;
  readonly to: Date;
}

/** A file that was taken in, or turned away. */
export interface Arrival {
  readonly fileId: string;
  readonly partner: string;
  readonly kind: FileKind;
  readonly arrivedAt: Date;
  /** Turned away, or found damaged: it does not count. */
  readonly isRefused: boolean;
}

export type Fulfilment =
  /** There is time still. */
  | 'expected'
  | 'met'
  /** All are there; the last of them came after its hour. */
  | 'late'
  | 'missing'
  | 'too_many';

export interface JudgedDue extends Due {
  readonly state: Fulfilment;
  /** Those that count, oldest first. */
  readonly arrivals: readonly Arrival[];
  /** Those of the same kind that were turned away. */
  readonly refused: readonly Arrival[];
}

/** When nothing else is said: a morning's files may come from noon on, those of an afternoon from midnight on. */
export function usualFrom(by: string): string {
  return by <= '12:00' ? '12:00' : '00:00';
}

/** Tells one expectation from another, for as long as it stays as it is. */
export function keyOf({ kind, files, by, from, days }: Expectation): string {
  return [kind, files, by, from, days.join(',')].join(' ');
}

/** What an expectation comes to on a day. Null: nothing is expected then. */
export function dueOn(expectation: Expectation, date: string, { timeZone, holidays }: Calendar): Due | null {
  if (!expectation.days.includes(weekdayOf(date)) || isHoliday(date, holidays)) return null;
  const begins = expectation.from < expectation.by ? date : addDays(date, -1);
  return {
    expectation,
    date,
    by: momentOf({ date, time: expectation.by }, timeZone),
    from: momentOf({ date: begins, time: expectation.from }, timeZone),
    to: momentOf({ date: addDays(begins, 1), time: expectation.from }, timeZone),
  };
}

/** Longer than any run of holidays. */
const longestGapDays = 31;

/** The last day whose hour has come. Null: there was none for a month. */
export function latestDue(expectation: Expectation, calendar: Calendar, now: Date): Due | null {
  const today = localTimeAt(now, calendar.timeZone).date;
  for (let back = 0; back <= longestGapDays; back += 1) {
    const due = dueOn(expectation, addDays(today, -back), calendar);
    if (due !== null && due.by <= now) return due;
  }
  return null;
}

/** Those whose hour lies in a span of time: after its beginning, and at its end still. */
export function duesWithin(
  expectation: Expectation,
  calendar: Calendar,
  { from, to }: { readonly from: Date; readonly to: Date },
): readonly Due[] {
  const dates = [];
  const last = localTimeAt(to, calendar.timeZone).date;
  for (let date = localTimeAt(from, calendar.timeZone).date; date <= last; date = addDays(date, 1)) dates.push(date);
  return dates.flatMap((date) => dueOn(expectation, date, calendar) ?? []).filter(({ by }) => by > from && by <= to);
}

/** Judges a day by the files of its partner. */
export function judgeDue(due: Due, partner: string, files: readonly Arrival[], now: Date): JudgedDue {
  const ofDay = files
    .filter((file) => file.partner === partner && file.kind === due.expectation.kind)
    .filter(({ arrivedAt }) => arrivedAt >= due.from && arrivedAt < due.to)
    .toSorted((one, other) => one.arrivedAt.getTime() - other.arrivedAt.getTime());
  const arrivals = ofDay.filter((file) => !file.isRefused);
  return {
    ...due,
    state: stateOf(due, arrivals, now),
    arrivals,
    refused: ofDay.filter((file) => file.isRefused),
  };
}

function stateOf({ by, expectation }: Due, arrivals: readonly Arrival[], now: Date): Fulfilment {
  if (arrivals.length > expectation.files) return 'too_many';
  const last = arrivals[expectation.files - 1];
  if (last === undefined) return now <= by ? 'expected' : 'missing';
  return last.arrivedAt <= by ? 'met' : 'late';
}
