import type { CallMinute } from '../../app/ports/call-tallies.ts';
import type { Instance, LedgerPages } from '../../app/ports/ledger-pages.ts';
import { readNight, type NightReport } from '../../app/read-night.ts';
import { localTimeAt } from '../../domain/local-time.ts';
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
  /** The one that ended, or ends, in the morning of today. */
  readonly night: NightReport;
}

/** Of last night; there is a page of all. */
const filesShown = 12;

export async function readOverview(ports: ConsolePorts): Promise<Overview> {
  const { clock, pages, settings, tallies } = ports;
  const now = new Date(clock.wallMs());
  const [stock, minutes, instances, longestDue, night] = await Promise.all([
    takeStock(ports, { limit: filesShown }),
    tallies.lastMinutes(60),
    pages.instances(),
    pages.longestDue(),
    readNight(ports, localTimeAt(now, settings.timeZone).date),
  ]);
  return { now, stock, minutes, instances, longestDue, night };
}
