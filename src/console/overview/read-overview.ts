import type { CallMinute } from '../../app/ports/call-tallies.ts';
import type { Instance, LedgerPages } from '../../app/ports/ledger-pages.ts';
import { takeStock, type Stock } from '../../view/take-stock.ts';
import type { ConsolePorts } from '../ports.ts';

/** How things stand, at one look. */
export interface Overview {
  readonly now: Date;
  readonly stock: Stock;
  /** Of the last hour. */
  readonly minutes: readonly CallMinute[];
  readonly instances: readonly Instance[];
  readonly longestDue: Awaited<ReturnType<LedgerPages['longestDue']>>;
}

/** Of last night; there is a page of all. */
const filesShown = 12;

export async function readOverview(ports: ConsolePorts): Promise<Overview> {
  const { clock, pages, tallies } = ports;
  const [stock, minutes, instances, longestDue] = await Promise.all([
    takeStock(ports, { fileId: null, limit: filesShown }),
    tallies.lastMinutes(60),
    pages.instances(),
    pages.longestDue(),
  ]);
  if (stock === null) throw new Error('unreachable: no one file was asked for');
  return { now: new Date(clock.wallMs()), stock, minutes, instances, longestDue };
}
