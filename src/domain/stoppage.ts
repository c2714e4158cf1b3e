/** A time in which calls were held: the breaker was open, an endpoint was halted, or a person had paused the work. */
export interface Stoppage {
  readonly kind: 'outage' | 'halt' | 'pause';
  /** The halted endpoint, or the paused partner. Null: everything. */
  readonly of: string | null;
  readonly since: Date;
  /** Null: it goes on. */
  readonly until: Date | null;
  /** Of an outage its cause, of a halt its code. */
  readonly cause: string | null;
  /** Who did it and why, where a person did. */
  readonly actor: string | null;
  readonly reason: string | null;
}

/** Something that began or ended, as the audit log has it. */
export interface StopEvent extends Omit<Stoppage, 'since' | 'until'> {
  readonly at: Date;
  readonly begins: boolean;
}

/** Pairs beginnings with their ends, oldest first. An end without a beginning is of a time that nobody asked about. */
export function stoppagesOf(events: readonly StopEvent[]): readonly Stoppage[] {
  const ended: Stoppage[] = [];
  const open = new Map<string, Stoppage>();
  for (const { at, begins, ...what } of events.toSorted((one, other) => one.at.getTime() - other.at.getTime())) {
    const name = `${what.kind} ${what.of ?? ''}`;
    const running = open.get(name);
    if (!begins && running !== undefined) {
      ended.push({ ...running, until: at });
      open.delete(name);
    }
    if (begins && running === undefined) open.set(name, { ...what, since: at, until: null });
  }
  return [...ended, ...open.values()].toSorted((one, other) => one.since.getTime() - other.since.getTime());
}

interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** Those that reach into a span of time. */
export function stoppagesWithin(stoppages: readonly Stoppage[], { from, to }: Span): readonly Stoppage[] {
  return stoppages.filter(({ since, until }) => since < to && (until === null || until > from));
}

/** For how long anything was stopped in a span of time; what overlaps counts once. */
export function stoppedMs(stoppages: readonly Stoppage[], { from, to }: Span): number {
  let counted = from.getTime();
  let sum = 0;
  for (const { since, until } of stoppages.toSorted((one, other) => one.since.getTime() - other.since.getTime())) {
    const begin = Math.max(counted, since.getTime());
    const end = Math.min(to.getTime(), until?.getTime() ?? Infinity);
    if (end <= begin) continue;
    sum += end - begin;
    counted = end;
  }
  return sum;
}
