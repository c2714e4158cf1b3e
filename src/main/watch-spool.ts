import { lookForGap, type GapPorts } from '../app/look-for-gap.ts';
import type { Ports } from '../app/ports.ts';
import type { GapLedger } from '../app/ports/gap-ledger.ts';
import type { RollCall } from '../app/ports/roll-call.ts';
import type { Spool } from '../app/ports/spool.ts';
import { settleSpooled } from '../app/settle-spooled.ts';
import { startLoop, type Loop } from './loop.ts';

const everyMs = 5_000;
/** Whether the ledger has begun anew is asked so often: nothing is sent before every host has looked. */
const glanceMs = 1_000;

/**
 * Compares the spool of this host with the ledger: once before it answers, so that no job begins on a ledger that is
 * behind, then from time to time, and as soon as the ledger has begun anew. Brings the answers of processes that ended before they could.
 */
export async function watchSpool(
  ports: Pick<Ports, 'clock' | 'instance' | 'ledger' | 'log'> & {
    readonly announced: GapPorts['announced'];
    readonly gap: GapLedger;
    readonly rollCall: RollCall;
    readonly spool: Spool;
    readonly hasEnded: (instance: string) => boolean;
  },
  host: string,
  onError: (error: unknown) => void,
): Promise<Loop> {
  const seen = new Set<string>();
  let lookedAt = -Infinity;
  const look = async (): Promise<void> => {
    lookedAt = ports.clock.monotonicMs();
    if (!(await lookForGap(ports, host))) await settleSpooled(ports, seen);
  };
  await look();
  const glance = async (): Promise<void> => {
    const isDue = ports.clock.monotonicMs() - lookedAt >= everyMs;
    if (isDue || !(await ports.rollCall.isAnswered())) await look();
  };
  return startLoop(glanceMs, glance, onError);
}
