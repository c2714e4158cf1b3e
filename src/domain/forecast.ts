import type { RowKind } from './file-life.ts';

type Counts = Readonly<Partial<Record<RowKind, Readonly<Record<string, number>>>>>;

/** Calls that a row in a state still takes at once, if all goes well. What waits for its time or for another row does not take the account's. */
const left: Readonly<Record<RowKind, Readonly<Record<string, number>>>> = {
  lead: { received: 2, checked: 1, submitting: 1 },
  update: { received: 1, pushing: 1 },
};

/** Calls that a row in a state has taken at least. */
const made: Readonly<Record<RowKind, Readonly<Record<string, number>>>> = {
  lead: { checked: 1, submitting: 1, not_managed: 1, registered: 2, registered_without_id: 2, in_doubt: 2 },
  update: { pushed: 1 },
};

export function callsLeft(counts: Counts): number {
  return weigh(counts, left);
}

export function callsMade(counts: Counts): number {
  return weigh(counts, made);
}

function weigh(counts: Counts, weights: typeof left): number {
  let sum = 0;
  for (const kind of ['lead', 'update'] as const) {
    for (const [state, n] of Object.entries(counts[kind] ?? {})) sum += n * (weights[kind][state] ?? 0);
  }
  return sum;
}

/** A file whose rows are being sent. */
export interface FileAtWork {
  readonly callsLeft: number;
  readonly callsMade: number;
  /** Work on it, without the time in which everything was stopped. */
  readonly workedMs: number;
}

/** A file with less left does not show how much the account can do: it may wait for other things. */
const enoughToShow = 200;
const longEnoughMs = 5 * 60_000;

/**
 * Calls a second that the account is good for: what files with much left have shown, and never more than the limit. Null:
 * there is no limit, and nothing has been shown yet.
 */
export function ratePerSecond(limit: number, files: readonly FileAtWork[]): number | null {
  const showing = files.filter((file) => file.callsLeft >= enoughToShow && file.workedMs >= longEnoughMs);
  const workedMs = Math.max(0, ...showing.map((file) => file.workedMs));
  const shown = workedMs === 0 ? null : showing.reduce((sum, file) => sum + file.callsMade, 0) / (workedMs / 1_000);
  if (shown === null) return limit === 0 ? null : limit;
  return limit === 0 ? shown : Math.min(limit, shown);
}

export interface Forecast {
  readonly deadline: Date;
  readonly callsLeft: number;
  /** Null: not known. */
  readonly ratePerSecond: number | null;
  /** Null: it can't be told, or nothing goes on until what is stopped is let go. */
  readonly doneAt: Date | null;
  /** The last moment at which stopped work could go on and be in time. Null: it goes on, or it can't be told. */
  readonly goesOnBy: Date | null;
  readonly isInTime: boolean;
  /** The deadline is over. */
  readonly isOverdue: boolean;
}

/**
 * Will a partner's work be done by its deadline? The account's calls go to partners in equal parts, so it takes as long as
 * its own calls and, of every other partner, as many as its own at most. Pure: a figure for people, nothing is decided by it.
 */
export function forecast(of: {
  readonly now: Date;
  readonly deadline: Date;
  /** Calls of the partner itself. */
  readonly callsLeft: number;
  /** Calls of each other partner. */
  readonly others: readonly number[];
  readonly ratePerSecond: number | null;
  readonly isStopped: boolean;
}): Forecast {
  const { now, deadline, ratePerSecond: rate } = of;
  const isOverdue = now > deadline;
  const told = { deadline, callsLeft: of.callsLeft, ratePerSecond: rate, isOverdue };
  if (rate === null || rate === 0) return { ...told, doneAt: null, goesOnBy: null, isInTime: !isOverdue };
  const calls = of.others.reduce((sum, other) => sum + Math.min(other, of.callsLeft), of.callsLeft);
  const takesMs = (calls / rate) * 1_000;
  if (of.isStopped) {
    const goesOnBy = new Date(deadline.getTime() - takesMs);
    return { ...told, doneAt: null, goesOnBy, isInTime: now <= goesOnBy };
  }
  const doneAt = new Date(now.getTime() + takesMs);
  return { ...told, doneAt, goesOnBy: null, isInTime: doneAt <= deadline };
}
