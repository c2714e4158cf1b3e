/** A cron expression of 5 or 6 fields, and the time zone whose clock it means. */
export interface Schedule {
  readonly cron: string;
  readonly timeZone: string;
}

/**
 * The hours of schedules. Where the clocks change: an hour that is skipped fires an hour later, one that comes twice
 * fires the first time, and an expression for every hour fires every hour.
 */
export interface Schedules {
  /** The first hour after a moment. */
  next(schedule: Schedule, after: Date): Date;
  /** The last hour after `after` and not after `until`, and how many there were before it. Null: there is none. */
  latest(
    schedule: Schedule,
    between: { readonly after: Date; readonly until: Date },
  ): { readonly at: Date; readonly passed: number } | null;
}
