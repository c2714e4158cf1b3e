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

const atOnce = 8;

export interface Deliverer {
  /** Begins what is due, and waits for none of it: a receiver that is slow must not hold up who asks, nor any other. */
  tick(): Promise<void>;
  /** The end of what is under way, and of what became due by it. */
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
  const underWay = new Set<Promise<void>>();
  let looking: Promise<void> | null = null;
  let looksAgain = false;

  /** Each that ends makes room for the next one, which may be the next of its lane. */
  async function look(): Promise<void> {
    do {
      looksAgain = false;
      // A file of a million rows is two thousand messages: a shutdown does not wait for all of them.
      if (ports.stopping.aborted || underWay.size >= atOnce) return;
      for (const delivery of await ports.deliveries.claimDue(channels, atOnce - underWay.size)) {
        const end = deliver(delivery)
          .catch(onError)
          .finally(() => {
            underWay.delete(end);
            begin();
          });
        underWay.add(end);
      }
    } while (looksAgain);
  }

  function begin(): void {
    looksAgain = true;
    looking ??= look()
      .catch(onError)
      .finally(() => (looking = null));
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
      begin();
    },
    async idle() {
      while (looking !== null || underWay.size > 0) await Promise.all([looking, ...underWay]);
    },
  };
}
