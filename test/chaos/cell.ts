import type { FaultRates } from './api/fault-plan.ts';
import type { Act } from './nemesis/act.ts';
import type { Ailment } from './world/workers.ts';

/** One run of the suite: which world, how many rows, what goes wrong in it, and who presses the buttons. */
export interface Cell {
  readonly name: string;
  readonly seed: number;
  readonly backend: 'redis' | 'postgres';
  readonly rows: number;
  /** How many files the rows come in. */
  readonly files: number;
  readonly ailments: readonly Ailment[];
  /** Share of calls that meet a fault of the API. */
  readonly faults: FaultRates;
  /** What the nemesis draws from; an act named twice comes twice as often. Empty: it does nothing. */
  readonly acts: readonly Act[];
  /** Between two acts, ms. */
  readonly everyMs: readonly [number, number];
  /** So long at least, also when all rows are done, s. */
  readonly seconds: number;
  readonly operator: 'careful' | 'careless';
  /** The operator reconciles with listings, most of them not what they are said to be, before judging row by row. */
  readonly listings?: boolean;
  /** `apart`: each worker has a spool of its own, as on a host of its own. Else all share one. */
  readonly hosts?: 'together' | 'apart';
  /** In the middle of it all the ledger is brought back from a backup. */
  readonly restores?: boolean;
  /** So many persons are erased while everything goes on, and days pass for what has ended: retention takes it. */
  readonly erasures?: number;
  readonly slowDisk?: boolean;
  readonly transport?: 'http' | 'refusing-http2';
  readonly honoursKeys?: boolean;
  /** The way to the API leads through an HTTP proxy that is slow to connect, and sometimes refuses. */
  readonly httpProxy?: boolean;
}

/** Plain BullMQ knows Redis, plain HTTP, no key, no backup and no erasure: elsewhere a comparison would say nothing. */
export function hasBaseline(cell: Cell): boolean {
  const { backend, transport, honoursKeys, httpProxy, restores, listings, erasures = 0 } = cell;
  const isMore = [honoursKeys, httpProxy, restores, listings].includes(true) || erasures > 0;
  return backend === 'redis' && transport === undefined && !isMore;
}
