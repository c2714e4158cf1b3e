import type { Endpoint } from '../../domain/call-outcome.ts';

/** Calls of one endpoint that ended alike. */
export interface CallCount {
  readonly endpoint: Endpoint;
  /** The kind of the outcome (domain/call-outcome.ts); `withheld` where nothing was sent on purpose. */
  readonly outcome: string;
  readonly n: number;
  /** How long they took together. */
  readonly ms: number;
}

export interface CallTotal extends CallCount {
  /** How many took at most `callBuckets[i]` seconds, each counted once; the last is for those that took longer. */
  readonly buckets: readonly number[];
}

export interface CallMinute extends CallCount {
  readonly minute: Date;
}

/** How calls of all processes end, counted. Up to a few seconds of it go with a process that is killed. */
export interface CallTallies {
  add(calls: readonly CallTotal[]): Promise<void>;
  totals(): Promise<readonly CallTotal[]>;
  /** By the minute, oldest first. */
  lastMinutes(minutes: number): Promise<readonly CallMinute[]>;
}

/** Upper bounds in seconds. */
export const callBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15] as const;
