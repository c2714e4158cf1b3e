import { createFeeder } from './feeder.ts';
import type { Ports } from './ports.ts';
import { sweepOrphans } from './sweep.ts';

export type LeaderPorts = Pick<Ports, 'clock' | 'instance' | 'ledger' | 'log' | 'queue' | 'settings'>;

/** One process at a time: it feeds the queue, sweeps orphans, wakes updates and sums up. Whoever holds the lease does. */
export interface Lease {
  tryLead(): Promise<boolean>;
}

/** What the leader does, turn by turn. A process that is not the leader does nothing and asks again next turn. */
export function createLeader(ports: LeaderPorts, lease: Lease): { tick(): Promise<number> } {
  const feeder = createFeeder(ports);
  let leading = false;
  return {
    async tick() {
      const leads = await lease.tryLead();
      if (leads && !leading) ports.log.event('leaderElected', { instance: ports.instance });
      leading = leads;
      if (!leads) return 0;
      await sweepOrphans(ports);
      await ports.ledger.wakeUpdates();
      await ports.ledger.sumUp();
      return feeder.tick();
    },
  };
}
