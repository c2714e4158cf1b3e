/** What retention has done on one day, by one actor: a service, or a person who had it run. Nothing of a person. */
export interface RetentionDay {
  /** Of the installation's time zone. */
  readonly date: string;
  readonly actor: string;
  /** Why, where a person had it run. */
  readonly reason: string | null;
  readonly partners: readonly string[];
  /** Rows whose values were destroyed, and those whose values were blocked. */
  readonly destroyed: number;
  readonly blocked: number;
  /** Kept files, and results in the outbox, that were removed. */
  readonly files: number;
  readonly results: number;
  readonly keys: number;
  readonly lastAt: Date;
}

export interface RetentionDaysPage {
  readonly days: readonly RetentionDay[];
  /** Older ones are behind this place. Null: there are none. */
  readonly next: string | null;
}

export interface RetentionDays {
  /** Newest first. `before`: where another page ended. */
  page(of: {
    readonly before: string | null;
    readonly limit: number;
    readonly timeZone: string;
  }): Promise<RetentionDaysPage>;
}
