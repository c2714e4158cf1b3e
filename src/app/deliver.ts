import { deliveryLimits, endsAtOnce, planDelivery, type DeliveryOutcome } from '../domain/delivery.ts';
import type { Ports } from './ports.ts';
import type { Channel, ClaimedDelivery, DeliveryLedger, RowPlace } from './ports/delivery-ledger.ts';

export type DeliverPorts = Pick<Ports, 'clock' | 'instance' | 'log' | 'stopping'> & {
  readonly deliveries: Pick<DeliveryLedger, 'claimDue' | 'delivered' | 'dropped' | 'failed' | 'toldTo'>;
  readonly settings: Pick<Ports['settings'], 'timeScale'>;
};

/**
 * What came of one message. `page`: one has arrived, and there may be more. `dropped`: the configuration has no such receiver
 * any more.
 */
export type Told =
  | DeliveryOutcome
  | { readonly kind: 'page'; readonly toldTo: RowPlace }
  | { readonly kind: 'dropped' };

/** Brings a message to its receiver. What the network or a disk does is an outcome; what it throws is the ledger's. */
export type Teller = (delivery: ClaimedDelivery) => Promise<Told>;

const roundSize = 8;

export interface Deliverer {
  /** Begins a round unless one is under way: a receiver that is slow must not hold up who asks. */
  tick(): Promise<void>;
  /** The end of the round that is under way. */
  idle(): Promise<void>;
}

/**
 * Delivers what is due through the channels that this process has: at least once, in order within a lane. A message that
 * a dead process had under way goes out again under the same id.
 */
export function createDeliverer(
  ports: DeliverPorts,
  tellers: Readonly<Partial<Record<Channel, Teller>>>,
  onError: (error: unknown) => void,
): Deliverer {
  const channels = Object.keys(tellers) as Channel[];
  let round: Promise<void> | null = null;

  async function run(): Promise<void> {
    // A file of a million rows is two thousand messages: a shutdown does not wait for all of them.
    while (!ports.stopping.aborted) {
      const claimed = await ports.deliveries.claimDue(channels, roundSize);
      if (claimed.length === 0) return;
      const ended = await Promise.allSettled(claimed.map((delivery) => deliver(delivery)));
      const broken = ended.find((end) => end.status === 'rejected');
      if (broken !== undefined) throw broken.reason;
    }
  }

  async function deliver(delivery: ClaimedDelivery): Promise<void> {
    const teller = tellers[delivery.channel];
    if (teller === undefined) return;
    const told = await teller(delivery);
    switch (told.kind) {
      case 'delivered':
        return ports.deliveries.delivered(delivery, told.httpStatus ?? null);
      case 'dropped':
        return ports.deliveries.dropped(delivery);
      case 'page':
        return ports.deliveries.toldTo(delivery, told.toldTo);
      case 'failed':
        return failed(delivery, told);
    }
  }

  async function failed(delivery: ClaimedDelivery, outcome: Extract<Told, { kind: 'failed' }>): Promise<void> {
    const { clock, instance, log, settings } = ports;
    const { maxAgeMs, stopAfterMs } = deliveryLimits[delivery.about];
    const plan = planDelivery(
      outcome,
      { tries: delivery.tries - 1, ageMs: delivery.ageMs, maxAgeMs: maxAgeMs * settings.timeScale },
      clock.random(),
    );
    const stop =
      stopAfterMs !== null && (endsAtOnce(outcome.code) || delivery.failingForMs > stopAfterMs * settings.timeScale);
    const { code, httpStatus } = outcome;
    const delayMs = plan === null ? null : plan * settings.timeScale;
    await ports.deliveries.failed(delivery, { code, httpStatus, delayMs, stop }, instance);
    const { id, channel, recipient } = delivery;
    log.event('deliveryFailed', { delivery: id, channel, recipient, code, givenUp: delayMs === null, stopped: stop });
  }

  return {
    async tick() {
      round ??= run()
        .catch(onError)
        .finally(() => (round = null));
    },
    async idle() {
      await round;
    },
  };
}
