import { CronExpressionParser } from 'cron-parser';

/**
 * When a cron schedule next fires after `now`, in its own time zone; null without a schedule. An hour that a clock change
 * skips fires at the first moment after it; an hour that comes twice fires the first time.
 */
export function nextRun(
  schedule: { readonly cron: string; readonly timeZone: string } | null,
  now: Date = new Date(),
): Date | null {
  if (schedule === null) return null;
  return CronExpressionParser.parse(schedule.cron, { tz: schedule.timeZone, currentDate: now }).next().toDate();
}
