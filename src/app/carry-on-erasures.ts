import { eraseFiles, type EraseFilesPorts } from './erase-files.ts';
import { eraseRows, type EraseRowsPorts } from './erase-rows.ts';
import type { Clock } from './ports.ts';
import type { Log } from './ports/log.ts';

export type ErasingPorts = EraseRowsPorts &
  EraseFilesPorts & { readonly instance: string; readonly log: Pick<Log, 'event'> };

/** What is on another host, or waits for its rows, is looked for again after a while and not at every tick. */
const restMs = 2_000;
const restFactor = 20;

/**
 * Erasures that were broken off, or wait: the leader carries on with their rows, and every host that sees the inbox with
 * its files. Also what comes of the suppression list, day by day: the records of refused rows are blanked.
 */
export function createErasing(
  ports: ErasingPorts,
  clock: Pick<Clock, 'monotonicMs'>,
): { readonly rows: { tick(): Promise<void> }; readonly files: { tick(): Promise<void> } } {
  const { erasures, instance, log } = ports;
  let restsUntil = -Infinity;

  async function end(): Promise<void> {
    for (const erasure of await erasures.endErasures(instance)) log.event('erasureEnded', { erasure });
  }

  return {
    rows: {
      async tick() {
        if (!(await erasures.hasErasures())) return;
        await eraseRows(ports, instance);
        await end();
      },
    },
    files: {
      async tick() {
        const started = clock.monotonicMs();
        if (started < restsUntil || !(await erasures.hasErasures())) return;
        try {
          await eraseFiles(ports, instance);
          await end();
        } finally {
          const ended = clock.monotonicMs();
          restsUntil = ended + Math.max(restMs, (ended - started) * restFactor);
        }
      },
    },
  };
}
