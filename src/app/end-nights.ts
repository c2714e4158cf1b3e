import { addDays, localTimeAt, momentOf } from '../domain/local-time.ts';
import type { Ports } from './ports.ts';
import type { DeliveryLedger, Target } from './ports/delivery-ledger.ts';

export type EndPorts = Pick<Ports, 'clock' | 'instance' | 'log' | 'partners'> & {
  readonly deliveries: Pick<DeliveryLedger, 'endNight' | 'lastNight'>;
  readonly settings: Pick<Ports['settings'], 'timeZone'>;
};

export interface NightEndings {
  /** The hour of the morning at which last night is summed up, `08:00`. */
  readonly at: string;
  /** Who is told, beside the partners that ask for it. */
  readonly targets: readonly Target[];
  /** What there is to tell: ids, counts, codes. */
  summarise(night: string): Promise<unknown>;
}

const lookEveryMs = 10_000;

/**
 * Ends each night at its hour, once: its summary and what is to be delivered of it are written in one transaction. The
 * leader's duty. Of nights that went by while nobody ran, the last is made up for; of the one that had ended when the
 * ledger was new, nobody is told.
 */
export function createNightEnds(ports: EndPorts, endings: NightEndings): { tick(): Promise<void> } {
  const { clock, deliveries, instance, log, partners, settings } = ports;
  let lookAt = -Infinity;
  return {
    async tick() {
      if (clock.monotonicMs() < lookAt) return;
      const { night: last, now } = await deliveries.lastNight();
      lookAt = clock.monotonicMs() + lookEveryMs;
      const night = nightToEnd(now, endings.at, settings.timeZone);
      if (last !== null && last >= night) return;
      if (last === null) {
        await deliveries.endNight(night, null, [], instance);
        return;
      }
      const own = partners.list().filter(({ results }) => results.summary);
      const targets = [...endings.targets, ...own.map(({ id }) => ({ channel: 'file' as const, recipient: id }))];
      const isOurs = await deliveries.endNight(night, await endings.summarise(night), targets, instance);
      if (isOurs) log.event('nightEnded', { night, told: targets.length });
    },
  };
}

/** The last night whose hour has come. */
export function nightToEnd(now: Date, at: string, timeZone: string): string {
  const { date } = localTimeAt(now, timeZone);
  return momentOf({ date, time: at }, timeZone) <= now ? date : addDays(date, -1);
}
