import { CronExpressionParser } from 'cron-parser';
import type { Schedule, Schedules } from '../../app/ports/schedules.ts';

const hourMs = 3_600_000;

/** How far back the latest hour is looked for, step by step: a schedule of seconds has thousands a day. */
const looksBackMs = [1, 26, 9 * 24, 400 * 24].map((hours) => hours * hourMs);

/** More than anybody counts. */
const mostPassed = 1_000;

export const cronSchedules: Schedules = {
  next: (schedule, after) => hoursOf(schedule, after).next(),

  latest(schedule, { after, until }) {
    for (const backMs of looksBackMs) {
      const from = new Date(Math.max(after.getTime(), until.getTime() - backMs));
      const at = latestFrom(schedule, from, until);
      if (at !== null) return { at, passed: countBetween(schedule, after, at) };
      if (from.getTime() === after.getTime()) return null;
    }
    return null;
  },
};

// Always forwards: backwards the library leaves out an hour that a change of the clocks has moved, and counts one that
// comes twice two times.
function latestFrom(schedule: Schedule, from: Date, until: Date): Date | null {
  const hours = hoursOf(schedule, from);
  let latest: Date | null = null;
  for (let hour = hours.next(); hour <= until; hour = hours.next()) latest = hour;
  return latest;
}

function countBetween(schedule: Schedule, after: Date, before: Date): number {
  const hours = hoursOf(schedule, after);
  let count = 0;
  while (count < mostPassed && hours.next() < before) count += 1;
  return count;
}

function hoursOf({ cron, timeZone }: Schedule, after: Date): { next(): Date } {
  const hours = CronExpressionParser.parse(cron, { tz: timeZone, currentDate: after });
  return { next: () => hours.next().toDate() };
}
