import type { Ports } from './ports.ts';
import type { GapLedger } from './ports/gap-ledger.ts';
import type { Spool } from './ports/spool.ts';

/**
 * Does the ledger know the newest request of every process that wrote a spool here? One that does not was restored from a
 * backup or failed over behind the truth: what it calls unsent may exist at the insurer. All work is then paused until
 * `leadsync recover`. Asked before the first job and from time to time; in between the ledger itself refuses an intent of
 * a process whose intent before it is unknown (row-moves.ts).
 */
export async function lookForGap(
  ports: Pick<Ports, 'instance' | 'log'> & {
    readonly gap: Pick<GapLedger, 'missing' | 'noteGap'>;
    readonly spool: Pick<Spool, 'creates' | 'id' | 'newestCreates'>;
  },
  host: string,
): Promise<boolean> {
  const missing = await ports.gap.missing(await ports.spool.newestCreates());
  if (missing.length === 0) return false;
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
