import type { Ports } from './ports.ts';
import type { DeliveryLedger } from './ports/delivery-ledger.ts';

export type PrunePorts = {
  readonly clock: Pick<Ports['clock'], 'monotonicMs'>;
  readonly deliveries: Pick<DeliveryLedger, 'removeEnded'>;
};

const windowRows = 500;
const restMs = 10 * 60_000;

/** Removes deliveries that ended long ago: a window at each tick, and a rest when nothing is left. The leader's duty. */
export function createDeliveryPruning({ clock, deliveries }: PrunePorts): { tick(): Promise<void> } {
  let restUntil = -Infinity;
  return {
    async tick() {
      if (clock.monotonicMs() < restUntil) return;
      const removed = await deliveries.removeEnded(windowRows);
      if (removed < windowRows) restUntil = clock.monotonicMs() + restMs;
    },
  };
}
