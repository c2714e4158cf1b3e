import { isOfTheRow, planRetry, type RetryCause } from '../domain/retry-policy.ts';
import type { Ports } from './ports.ts';
import type { LedgerRow, RowState, Step } from './ports/row.ts';
import type { RowChange } from './ports/row-moves.ts';
import type { FaultCode } from '../domain/faults.ts';

/** The part of a move that says: again later, or failed because the budget is used up. */
export interface BackOff {
  readonly to: RowState;
  readonly dueInMs?: number;
  readonly set: RowChange;
}

/** Turns the retry policy's plan into the part of a move that waits for `step`. */
export function backOff(
  { clock, settings, traffic }: Pick<Ports, 'clock' | 'settings' | 'traffic'>,
  row: Pick<LedgerRow, 'attempts' | 'partner' | 'tryingForMs'>,
  step: Step,
  code: FaultCode,
  cause: RetryCause,
): BackOff {
  const plan = planRetry(
    cause,
    {
      attempts: row.attempts,
      tryingForMs: row.tryingForMs ?? 0,
      budgetWaitMs: isOfTheRow(cause) ? traffic.planRetry(row.partner) : 0,
    },
    clock.random(),
  );
  if (plan === null) return { to: 'failed', set: { step: null, code } };
  return {
    to: 'waiting',
    dueInMs: plan.delayMs * settings.timeScale,
    set: { step, code, attempts: plan.attempts, trying: true },
  };
}
