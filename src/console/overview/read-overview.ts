import type { BacklogMinute } from '../../app/ports/backlog-minutes.ts';
import type { CallMinute } from '../../app/ports/call-tallies.ts';
import type { Instance, LedgerPages } from '../../app/ports/ledger-pages.ts';
import { readNight, type NightReport } from '../../app/read-night.ts';
import { localTimeAt } from '../../domain/local-time.ts';
import { takeStock, type Stock } from '../../view/take-stock.ts';
import type { ConsolePorts } from '../ports.ts';
import { askOnce } from './ask-once.ts';

/** How things stand, at one look. */
export interface Overview {
  readonly now: Date;
  readonly stock: Stock;
  /** Of the last hour. */
  readonly minutes: readonly CallMinute[];
  /** Of the last hour. */
  readonly backlog: readonly BacklogMinute[];
  readonly instances: readonly Instance[];
  readonly longestDue: Awaited<ReturnType<LedgerPages['longestDue']>>;
  /** The one that ended, or ends, in the morning of today. */
  readonly night: NightReport;
}

/** Of last night; there is a page of all. */
const filesShown = 12;

export async function readOverview(given: ConsolePorts): Promise<Overview> {
  // Stock and night ask for much of the same.
  const ports = { ...given, ledger: askOnce(given.ledger), nights: askOnce(given.nights) };
  const { backlog: backlogMinutes, clock, pages, settings, tallies } = ports;
  const now = new Date(clock.wallMs());
  const [stock, minutes, backlog, instances, longestDue, night] = await Promise.all([
    takeStock(ports, { limit: filesShown }),
    tallies.lastMinutes(60),
    backlogMinutes.lastMinutes(60),
    pages.instances(),
    pages.longestDue(),
    readNight(ports, localTimeAt(now, settings.timeZone).date),
  ]);
  return { now, stock, minutes, backlog, instances, longestDue, night };
}
