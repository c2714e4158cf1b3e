import { keyOf } from '../domain/expectation.ts';
import { nightOf } from '../domain/night.ts';
import type { Partner } from '../domain/partner.ts';
import type { Ports } from './ports.ts';
import type { NightRuns, NightWatch, WatchedPartner } from './ports/night-ledger.ts';
import type { Schedule, Schedules } from './ports/schedules.ts';

export type NightPorts = Pick<Ports, 'instance' | 'log' | 'partners'> & {
  readonly nights: NightRuns;
  readonly schedules: Schedules;
};

export interface NightPatience {
  /** From an hour on, so that what was dropped at the last moment has been seen. */
  readonly lookMs: number;
  /** From a start on, where the hour had gone by before it: whatever lies in the inboxes has been seen by then. */
  readonly afterStartMs: number;
}

export const nightPatience: NightPatience = { lookMs: 1_000, afterStartMs: 60_000 };

/** A run waits for the one before it, but not for ever. */
const overlapMs = 24 * 3_600_000;

/** An hour that nobody has looked to is made up for, so a look is noted this often. */
const noteEveryMs = 60_000;

/**
 * Begins the runs of partners with a schedule, and keeps in mind since when what is expected. The leader's duty; the ledger
 * sees to it that a run is begun once.
 *
 * - A run is of a partner and a business date. It takes every file that waits, and those that become whole later and were
 *   seen before it began.
 * - Hours that went by while no inbox was watched are made up for by one run, once somebody watches again.
 * - A run waits until that of the night before has nothing to read and nothing due; a day at most. Hours that pass
 *   meanwhile are one run, and so are more hours of one night.
 */
export function createNights(ports: NightPorts, patience: NightPatience): { tick(): Promise<void> } {
  const { instance, log, nights, partners, schedules } = ports;
  const saidToWait = new Map<string, number>();

  async function begin(partner: Partner, schedule: Schedule, watch: NightWatch, own: WatchedPartner): Promise<void> {
    const until = new Date(watch.now.getTime() - patience.lookMs);
    const latest = schedules.latest(schedule, { after: own.lookedTo, until });
    if (latest === null) {
      // An hour that a later change of the schedule puts in here has not been missed.
      if (until.getTime() - own.lookedTo.getTime() > noteEveryMs) await nights.lookTo(partner.id, until);
      return;
    }
    if (!areInboxesSeen(watch, latest.at)) return;
    const night = nightOf(latest.at, partner.timeZone);
    if (isWorthWaiting(schedule, watch, own) && (await nights.isRunUnderWay(partner.id, night))) {
      if (saidToWait.get(partner.id) !== latest.at.getTime()) log.event('nightWaits', { partner: partner.id, night });
      saidToWait.set(partner.id, latest.at.getTime());
      return;
    }
    const run = { partner: partner.id, night, hourAt: latest.at, passed: latest.passed };
    const files = await nights.beginRun(run, instance);
    if (files !== null && (files > 0 || latest.passed > 0)) {
      log.event('nightBegun', { partner: partner.id, night, files, passed: latest.passed });
    }
  }

  function areInboxesSeen({ now, inboxesSince }: NightWatch, hour: Date): boolean {
    if (inboxesSince === null) return false;
    return inboxesSince <= hour || now.getTime() - inboxesSince.getTime() >= patience.afterStartMs;
  }

  function isWorthWaiting(schedule: Schedule, { now }: NightWatch, { lookedTo }: WatchedPartner): boolean {
    return now.getTime() - schedules.next(schedule, lookedTo).getTime() < overlapMs;
  }

  async function keep(partner: Partner, watch: NightWatch): Promise<void> {
    const keys = partner.expect.map(keyOf);
    const own = watch.partners.get(partner.id);
    const isNews = own === undefined || own.expects.size !== keys.length || !keys.every((key) => own.expects.has(key));
    if (isNews && (keys.length > 0 || partner.schedule !== null || own !== undefined)) {
      await nights.noteExpected(partner.id, keys);
    }
    if (partner.schedule === null) {
      const act = { actor: instance, reason: 'the partner has no schedule any more' };
      if (watch.waiting.has(partner.id)) {
        await nights.letGo({ partner: partner.id }, nightOf(watch.now, partner.timeZone), act);
      }
    } else if (own !== undefined) await begin(partner, partner.schedule, watch, own);
  }

  return {
    async tick() {
      const watch = await nights.watch();
      if (watch.waiting.size > 0) await nights.takeLatecomers();
      const failures: unknown[] = [];
      for (const partner of partners.list()) {
        try {
          await keep(partner, watch);
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
