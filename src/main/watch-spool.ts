import { lookForGap, type GapPorts } from '../app/look-for-gap.ts';
import type { Ports } from '../app/ports.ts';
import type { GapLedger } from '../app/ports/gap-ledger.ts';
import type { Spool } from '../app/ports/spool.ts';
import { settleSpooled } from '../app/settle-spooled.ts';
import { startLoop, type Loop } from './loop.ts';

const everyMs = 5_000;

/**
 * Compares the spool of this host with the ledger: once before it answers, so that no job begins on a ledger that is
 * behind, then from time to time. Brings the answers of processes that ended before they could.
 */
export async function watchSpool(
  ports: Pick<Ports, 'instance' | 'ledger' | 'log'> & {
    readonly announced: GapPorts['announced'];
    readonly gap: GapLedger;
    readonly spool: Spool;
    readonly hasEnded: (instance: string) => boolean;
  },
  host: string,
  onError: (error: unknown) => void,
): Promise<Loop> {
  const seen = new Set<string>();
  const look = async (): Promise<void> => {
    if (!(await lookForGap(ports, host))) await settleSpooled(ports, seen);
  };
  await look();
  return startLoop(everyMs, look, onError);
}
