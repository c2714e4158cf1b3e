import type { Ports } from './ports.ts';
import type { LedgerRow } from './ports/row.ts';
import type { MoveResult, RowMove } from './ports/row-moves.ts';

/** What it waits for is another try, or a person: nothing of it is on its way. */
const betweenTries = ['waiting', 'in_doubt'] as const;

/**
 * Ends an update by an answer that came after it had been given up, and announced once more by somebody else: `answer` is
 * the move that lost for that. The API has set it, and nothing older of its lead since, because an update that may
 * have been set goes before. Not after a replay, which may follow a verdict that let others go before it.
 */
export async function endByLateAnswer(
  ledger: Ports['ledger'],
  sent: LedgerRow,
  answer: Omit<RowMove, 'attempt'>,
): Promise<MoveResult> {
  const now = await ledger.row(sent.id);
  if (now === null || now.replays !== sent.replays) return { won: false, why: 'moved_on' };
  return ledger.move({
    ...answer,
    from: betweenTries,
    fence: now.fence,
    version: now.version,
    audit: answer.audit === null ? null : { ...answer.audit, action: 'row.answer_found' },
  });
}
