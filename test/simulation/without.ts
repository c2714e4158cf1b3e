import type { Ledger } from '../../src/app/ports/ledger.ts';
import type { MoveResult, RowMove } from '../../src/app/ports/row-moves.ts';
import type { Safeguard } from './safeguard.ts';

/** The ledger as a worker sees it that was written without some of the safeguards. */
export function ledgerWithout(ledger: Ledger, without: ReadonlySet<Safeguard>): Ledger {
  let weakened = ledger;
  if (without.has('intent_before_call')) weakened = { ...weakened, move: withoutWaitingForIntents(weakened) };
  if (without.has('lost_race_ends_the_job')) weakened = { ...weakened, move: sendingAllTheSame(weakened) };
  if (without.has('doubt_is_no_retry')) weakened = { ...weakened, move: retrying(weakened, 'row.answered') };
  if (without.has('sweeper_doubts')) weakened = { ...weakened, move: retrying(weakened, 'row.orphaned') };
  if (without.has('feeder')) weakened = { ...weakened, dueRows: async () => [] };
  if (without.has('sweeper')) weakened = { ...weakened, orphans: async () => [] };
  return weakened;
}

/** The ledger as an operator's command sees it. */
export function ledgerOfOperatorWithout(ledger: Ledger, without: ReadonlySet<Safeguard>): Ledger {
  if (!without.has('holder_guard') && !without.has('quiet_period')) return ledger;
  return {
    ...ledger,
    holderFenced: async (rowId, rule) => {
      const answer = await ledger.holderFenced(rowId, rule);
      return {
        fenced: without.has('holder_guard') || answer.fenced,
        quiet: true,
        waitMs: 0,
      };
    },
  };
}

/** The intent is written beside the call and not before it. */
function withoutWaitingForIntents(ledger: Ledger): Ledger['move'] {
  return async (move) => {
    if (move.audit?.action !== 'row.intent' || move.to !== 'submitting') return ledger.move(move);
    void ledger.move(move).catch(() => undefined);
    return { won: true, state: 'submitting', version: (move.version ?? 0) + 1, fence: move.fence + 1 };
  };
}

/** Somebody else has announced this create, and it is sent here too. */
function sendingAllTheSame(ledger: Ledger): Ledger['move'] {
  return async (move): Promise<MoveResult> => {
    const result = await ledger.move(move);
    if (result.won || move.to !== 'submitting') return result;
    return { won: true, state: 'submitting', version: (move.version ?? 0) + 1, fence: move.fence + 1 };
  };
}

/** What ends in doubt is tried again instead, as a queue's own retries would. */
function retrying(ledger: Ledger, action: string): Ledger['move'] {
  return (move: RowMove) =>
    move.to === 'in_doubt' && move.audit?.action === action && move.from.includes('submitting')
      ? ledger.move({ ...move, to: 'waiting', dueInMs: 0, set: { ...move.set, step: 'create' } })
      : ledger.move(move);
}
