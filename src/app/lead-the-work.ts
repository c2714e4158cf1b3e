import { createFeeder } from './feeder.ts';
import type { Ports } from './ports.ts';
import { sweepOrphans } from './sweep.ts';

export type LeaderPorts = Pick<Ports, 'clock' | 'instance' | 'ledger' | 'log' | 'partners' | 'queue' | 'settings'>;

/** One process at a time: it feeds the queue, sweeps orphans, wakes updates and sums up. Whoever holds the lease does. */
export interface Lease {
  tryLead(): Promise<boolean>;
}

export interface Leader {
  /** One turn of all duties. */
  tick(): Promise<void>;
  /** Between turns, often: keeps the queue's window filled while more is due than it holds. Nothing while another leads. */
  refill(): Promise<unknown>;
}

/** Waking looks at every waiting update, so it rests ten times as long as it took, and two seconds at least. */
const wakeRestMs = 2_000;
const wakeRestFactor = 10;

/**
 * What the leader does, turn by turn. A process that is not the leader does nothing and asks again next turn. A duty that
 * fails does not keep the others: the queue is fed even when something else is broken. `more` are duties of the
 * surroundings.
 */
export function createLeader(ports: LeaderPorts, lease: Lease, more: readonly (() => Promise<unknown>)[] = []): Leader {
  const feeder = createFeeder(ports);
  let leading = false;
  let wakeAt = -Infinity;

  async function wakeUpdates(): Promise<void> {
    const started = ports.clock.monotonicMs();
    if (started < wakeAt) return;
    await ports.ledger.wakeUpdates();
    const ended = ports.clock.monotonicMs();
    wakeAt = ended + Math.max(wakeRestMs, (ended - started) * wakeRestFactor);
  }

  const duties = [
    () => feeder.tick(),
    () => sweepOrphans(ports),
    () => ports.ledger.followLeads(ports.instance),
    () => ports.ledger.sumUp(),
    wakeUpdates,
    ...more,
  ];
  return {
    async tick() {
      const leads = await lease.tryLead();
      if (leads && !leading) ports.log.event('leaderElected', { instance: ports.instance });
      leading = leads;
      if (!leads) return;
      const failures: unknown[] = [];
      for (const duty of duties) {
        try {
          await duty();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
    refill: async () => leading && feeder.refill(),
  };
}
