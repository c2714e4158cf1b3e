import type { Ports } from './ports.ts';
import type { GapLedger } from './ports/gap-ledger.ts';
import type { Spool } from './ports/spool.ts';

export type GapPorts = Pick<Ports, 'instance' | 'log'> & {
  /** Remembers what the ledger must know before an intent is written there. */
  readonly announced: { witness(attempt: string): void };
  readonly gap: Pick<GapLedger, 'missing' | 'noteGap'>;
  readonly spool: Pick<Spool, 'creates' | 'id' | 'newestCreates'>;
};

/**
 * Does the ledger know the newest request of every process that wrote a spool here? One that does not was restored from a
 * backup or failed over behind the truth: what it calls unsent may exist at the insurer. All work is then paused until
 * `leadsync recover`. Asked before the first job and from time to time; in between the ledger itself refuses an intent of
 * a process whose intent before it is unknown, or before its first one the newest of its host.
 */
export async function lookForGap(ports: GapPorts, host: string): Promise<boolean> {
  const newest = await ports.spool.newestCreates();
  const missing = await ports.gap.missing(newest);
  if (missing.length === 0) {
    const last = newest.at(-1);
    if (last !== undefined) ports.announced.witness(last);
    return false;
  }
  const gap = {
    spool: ports.spool.id,
    host,
    attempts: missing.length,
    highestRow: () => highestRowOf(ports.spool),
    actor: ports.instance,
  };
  if (await ports.gap.noteGap(gap)) ports.log.event('ledgerBehind', { attempts: missing.length });
  return true;
}

async function highestRowOf(spool: Pick<Spool, 'creates'>): Promise<string> {
  let highest = 0n;
  for await (const { rowId } of spool.creates()) {
    const number = BigInt(rowId);
    if (number > highest) highest = number;
  }
  return String(highest);
}
