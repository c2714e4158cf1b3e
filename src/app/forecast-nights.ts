import { defaultAccount } from '../domain/account.ts';
import { callsLeft, callsMade, forecast, ratePerSecond, type Forecast } from '../domain/forecast.ts';
import { momentOf } from '../domain/local-time.ts';
import { stoppagesOf, stoppedMs, type Stoppage } from '../domain/stoppage.ts';
import type { Ports } from './ports.ts';
import type { Stops } from './ports/account-ledger.ts';
import type { NightLedger, OpenFile } from './ports/night-ledger.ts';

export type ForecastPorts = Pick<Ports, 'ledger' | 'partners' | 'settings'> & {
  readonly nights: Pick<NightLedger, 'openFiles' | 'stopEvents' | 'watch'>;
};

/** Of the results of a partner's files of a night, while rows of them are at work. */
export interface NightForecast extends Forecast {
  readonly partner: string;
  readonly night: string;
  /** The partner's. */
  readonly timeZone: string;
}

/** A file that takes longer tells nothing of tonight. */
const longestWorkMs = 3 * 24 * 3_600_000;

/** Will the results of the nights be there when they have to (`results.by`)? Of partners that name no hour: nothing. */
export async function forecastNights(ports: ForecastPorts): Promise<readonly NightForecast[]> {
  const { ledger, nights, partners, settings } = ports;
  const waitedFor = partners.list().filter(({ results }) => results.by !== null);
  if (waitedFor.length === 0) return [];
  const files = (await nights.openFiles()).filter((file) => callsLeft(file.countsByKind) > 0);
  if (files.length === 0) return [];
  const { now } = await nights.watch();
  const stops = await ledger.stops(defaultAccount);
  const rate = ratePerSecond(settings.ratePerSecond, await atWork(ports, files, now));
  return waitedFor.flatMap(({ id, results, timeZone }) => {
    const own = files.filter((file) => file.partner === id);
    // A replay of old nights makes none of their results late.
    const waiting = own.filter(({ wasSettled }) => !wasSettled);
    return [...new Set(waiting.map(({ night }) => night))].map((night) => ({
      partner: id,
      night,
      timeZone,
      ...forecast({
        now,
        deadline: momentOf({ date: night, time: results.by ?? '' }, timeZone),
        // Older nights go first.
        callsLeft: sumOf(own.filter((file) => file.night <= night)),
        others: callsOfOthers(id, files, stops),
        ratePerSecond: rate,
        isStopped: isStopped(id, stops),
      }),
    }));
  });
}

function callsOfOthers(partner: string, files: readonly OpenFile[], stops: Stops): readonly number[] {
  const others = Map.groupBy(
    files.filter((file) => file.partner !== partner && !isPaused(file.partner, stops)),
    (file) => file.partner,
  );
  return [...others.values()].map(sumOf);
}

function sumOf(files: readonly OpenFile[]): number {
  return files.reduce((sum, file) => sum + callsLeft(file.countsByKind), 0);
}

function isPaused(partner: string, { pauses }: Stops): boolean {
  return pauses.some((pause) => pause.partner === null || pause.partner === partner);
}

function isStopped(partner: string, stops: Stops): boolean {
  return stops.breaker.state !== 'closed' || stops.halts.length > 0 || isPaused(partner, stops);
}

async function atWork({ nights }: ForecastPorts, files: readonly OpenFile[], now: Date) {
  const before = (ms: number): Date => new Date(now.getTime() - ms);
  const stoppages = stoppagesOf(await nights.stopEvents({ from: before(2 * longestWorkMs), to: now }));
  return files
    .filter((file) => file.workSince >= before(longestWorkMs))
    .map((file) => ({
      callsLeft: callsLeft(file.countsByKind),
      callsMade: callsMade(file.countsByKind),
      workedMs:
        now.getTime() -
        file.workSince.getTime() -
        stoppedMs(ofFile(stoppages, file), { from: file.workSince, to: now }),
    }));
}

function ofFile(stoppages: readonly Stoppage[], { partner }: OpenFile): readonly Stoppage[] {
  return stoppages.filter(({ kind, of }) => kind !== 'pause' || of === null || of === partner);
}
