import { openLeadRowStates } from '../domain/lead-row.ts';
import { openStatusUpdateStates } from '../domain/status-update.ts';
import type { Clock, Ports } from './ports.ts';
import type { BacklogMinutes } from './ports/backlog-minutes.ts';

const everyMs = 60_000;

const open: ReadonlySet<string> = new Set([...openLeadRowStates, ...openStatusUpdateStates]);

/** A duty of the leader: notes once a minute how many rows are still to be done, from the counters. */
export function createBacklogNotes(
  { ledger, backlog }: Pick<Ports, 'ledger'> & { readonly backlog: Pick<BacklogMinutes, 'note'> },
  clock: Pick<Clock, 'monotonicMs'>,
): { tick(): Promise<void> } {
  let nextMs = -Infinity;
  return {
    async tick() {
      if (clock.monotonicMs() < nextMs) return;
      nextMs = clock.monotonicMs() + everyMs;
      const rows = { lead: 0, update: 0 };
      for (const { kind, state, n } of await ledger.counts()) if (open.has(state)) rows[kind] += n;
      await backlog.note(rows);
    },
  };
}
