import type { RowKind } from '../../domain/file-life.ts';

/** Rows that were still to be done, at a minute. */
export interface BacklogMinute {
  readonly minute: Date;
  readonly kind: RowKind;
  readonly rows: number;
}

/** How much there was to do, minute by minute, for two weeks. */
export interface BacklogMinutes {
  /** As it is now. A minute that has been noted stays as it is. */
  note(rows: Readonly<Record<RowKind, number>>): Promise<void>;
  /** Oldest first. A minute in which no service ran has none. */
  lastMinutes(minutes: number): Promise<readonly BacklogMinute[]>;
}
