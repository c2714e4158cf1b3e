/** The one call that goes while an account or an endpoint is stopped, to see whether that is over. Of a row, not of a try. */
export interface Probe {
  /** When the next may go, in milliseconds; not above 0: now. Null: none goes by itself. */
  readonly inMs: number | null;
  /** The row whose call is the probe, while one is under way … */
  readonly row: string | null;
  /** … and how long it has left before its process counts as dead. */
  readonly leftMs: number;
  /** Those that found no end of it, so far. */
  readonly failed: number;
}

/** May a row's call be the probe now? Its time has come, or the process of the one that was has died. */
export function isProbeDue(probe: Probe): boolean {
  if (isUnderWay(probe)) return false;
  return probe.row !== null || (probe.inMs !== null && probe.inMs <= 0);
}

export function isUnderWay({ row, leftMs }: Pick<Probe, 'row' | 'leftMs'>): boolean {
  return row !== null && leftMs > 0;
}

/** Pauses before the first probe, the second, …: doubling to a limit. */
export function probePauseMs(pauses: { readonly firstMs: number; readonly mostMs: number }, failed: number): number {
  return Math.min(pauses.mostMs, pauses.firstMs * 2 ** Math.min(failed, 30));
}
