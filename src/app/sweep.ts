import { offerRows } from './offer-rows.ts';
import type { Ports } from './ports.ts';
import type { LedgerRow } from './ports/row.ts';
import type { RowMove } from './ports/row-moves.ts';

/** Time beyond budget and deadline before an announced request counts as orphaned: clocks, commits and queues. */
const marginMs = 2_000;
const orphansATime = 200;

/**
 * Finds requests that were announced and never answered. A create becomes doubt, never a retry: written and unwritten
 * can't be told apart after a crash. A status update goes again once its holder can't write any more, since setting the
 * same estado twice is taken as harmless; what its holder may have written keeps the newer ones of its lead waiting, so it
 * does not queue behind everything that came before its fall. A holder that is alive after all still brings its answer, as
 * late evidence.
 */
export async function sweepOrphans(
  ports: Pick<Ports, 'instance' | 'ledger' | 'log' | 'queue' | 'settings'>,
): Promise<number> {
  const { callDeadlineMs, sendBudgetMs, quietPeriodMs } = ports.settings;
  const patienceMs = Math.max(3 * sendBudgetMs, sendBudgetMs + callDeadlineMs + marginMs);
  const orphans = await ports.ledger.orphans(patienceMs, orphansATime);
  let swept = 0;
  for (const row of orphans) {
    if (row.state === 'pushing') {
      const holder = await ports.ledger.holderFenced(row.id, { deadlineMs: callDeadlineMs, quietPeriodMs });
      if (!holder.fenced) continue;
    }
    const result = await ports.ledger.move(orphanMove(row, ports));
    if (!result.won) continue;
    swept += 1;
    if (result.state === 'waiting') await offerRows(ports, 'update', [{ id: row.id, version: result.version }]);
  }
  if (swept > 0) ports.log.event('orphansFound', { rows: swept });
  return swept;
}

function orphanMove(row: LedgerRow, { instance: actor, settings }: Pick<Ports, 'instance' | 'settings'>): RowMove {
  const base = { rowId: row.id, from: [row.state], fence: row.fence, version: row.version };
  if (row.state === 'pushing') {
    return {
      ...base,
      to: 'waiting',
      dueInMs: 0,
      mayArriveForMs: settings.quietPeriodMs,
      set: { step: 'push', code: 'API_UNAVAILABLE' },
      audit: { action: 'row.orphaned', actor, code: 'API_UNAVAILABLE' },
    };
  }
  return {
    ...base,
    to: 'in_doubt',
    set: { code: 'API_NO_ANSWER_ORPHAN', step: null },
    audit: { action: 'row.orphaned', actor, code: 'API_NO_ANSWER_ORPHAN' },
  };
}
