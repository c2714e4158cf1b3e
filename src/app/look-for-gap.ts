import type { Ports } from './ports.ts';
import type { GapLedger } from './ports/gap-ledger.ts';
import type { RollCall } from './ports/roll-call.ts';
import type { Spool } from './ports/spool.ts';

export type GapPorts = Pick<Ports, 'instance' | 'log'> & {
  /** Remembers what the ledger must know before an intent is written there. */
  readonly announced: { speakFor(spool: string): void; witness(attempt: string): void };
  readonly gap: Pick<GapLedger, 'missing' | 'noteGap'>;
  readonly rollCall: Pick<RollCall, 'answer' | 'era'>;
  readonly spool: Pick<Spool, 'creates' | 'id' | 'newestCreates'>;
};

/**
 * Does the ledger know the newest request of every process that wrote a spool here? One that does not was restored from a
 * backup or failed over behind the truth: what it calls unsent may exist at the insurer. All work is then paused until
 * `leadsync recover`. Either way this spool has been compared, and says so (RollCall). Asked before the first job, when the
 * ledger has begun anew, and from time to time; in between the ledger itself refuses an intent of a process whose intent
 * before it is unknown, or before its first one the newest of its host.
 */
export async function lookForGap(ports: GapPorts, host: string): Promise<boolean> {
  const { announced, gap, rollCall, spool } = ports;
  announced.speakFor(spool.id);
  const era = await rollCall.era();
  const newest = await spool.newestCreates();
  const missing = await gap.missing(newest);
  const last = newest.at(-1);
  if (missing.length > 0) await noteGap(ports, host, missing.length);
  else if (last !== undefined) announced.witness(last);
  // After the pause: nobody goes on in between.
  await rollCall.answer(era, { spool: spool.id, host });
  return missing.length > 0;
}

async function noteGap({ gap, instance, log, spool }: GapPorts, host: string, attempts: number): Promise<void> {
  const highestRow = (): Promise<string> => highestRowOf(spool);
  const isNew = await gap.noteGap({ spool: spool.id, host, attempts, highestRow, actor: instance });
  if (isNew) log.event('ledgerBehind', { attempts });
}

async function highestRowOf(spool: Pick<Spool, 'creates'>): Promise<string> {
  let highest = 0n;
  for await (const { rowId } of spool.creates()) {
    const number = BigInt(rowId);
    if (number > highest) highest = number;
  }
  return String(highest);
}
