import { readNight, type NightReport, type NightReportPorts } from '../app/read-night.ts';
import type { Delivery, DeliveryLedger } from '../app/ports/delivery-ledger.ts';
import { localTimeAt } from '../domain/local-time.ts';
import { spanOfNight } from '../domain/night.ts';
import type { NeedsPerson } from './needs-person.ts';
import { takeStock, type StockPorts } from './take-stock.ts';

export type ReportPorts = NightReportPorts &
  StockPorts & { readonly deliveries: Pick<DeliveryLedger, 'deliveries' | 'troubles'> };

export interface WantedReport {
  /** Defaults to the one that ends, or has ended, in the morning of today. */
  readonly night?: string | undefined;
  /** Defaults to all. */
  readonly partner?: string | undefined;
}

/** A night, who was told of it, and what needs a person, as things stand now. */
export interface ToldReport extends NightReport {
  readonly told: readonly Delivery[];
  readonly needsPerson: readonly NeedsPerson[];
}

export type ReportRead =
  | { readonly kind: 'read'; readonly report: ToldReport }
  | { readonly kind: 'not_begun'; readonly night: string; readonly from: Date }
  | { readonly kind: 'partner_unknown' };

/** Of one night more are not told: a summary in three ways, and one for each partner that wants it. */
const mostTold = 100;

/** How a night went, the same for whoever asks. `night` must be one (isNight). */
export async function readReport(ports: ReportPorts, wanted: WantedReport): Promise<ReportRead> {
  const { deliveries, nights, partners, settings } = ports;
  const { now } = await nights.watch();
  const { night = localTimeAt(now, settings.timeZone).date, partner } = wanted;
  // East of us a night begins earlier, and its files are there.
  const zones = [settings.timeZone, ...partners.list().map(({ timeZone }) => timeZone)];
  const begins = zones.map((zone) => spanOfNight(night, zone).from);
  if (begins.every((from) => from > now))
    return { kind: 'not_begun', night, from: spanOfNight(night, settings.timeZone).from };
  const report = await readNight(ports, night);
  const told = (await deliveries.deliveries({ night, limit: mostTold })).toReversed();
  const { counts, inboxes, needsPerson } = await takeStock(ports, { limit: 1 });
  const whole = { ...report, told, needsPerson };
  if (partner === undefined) return { kind: 'read', report: whole };
  const isKnown =
    partners.get(partner) !== null ||
    partners.isBroken(partner) ||
    [...counts, ...inboxes, ...report.partners].some((one) => one.partner === partner);
  return isKnown ? { kind: 'read', report: ofPartner(whole, partner) } : { kind: 'partner_unknown' };
}

/** What stops everybody, and what those who run leadsync are told and have to do, stays. */
function ofPartner(report: ToldReport, partner: string): ToldReport {
  return {
    ...report,
    partners: report.partners.filter((one) => one.partner === partner),
    stoppages: report.stoppages.filter(({ kind, of }) => kind !== 'pause' || of === null || of === partner),
    told: report.told.filter(({ recipient }) => recipient === null || recipient === partner),
  };
}
