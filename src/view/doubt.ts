import type { Ports } from '../app/ports.ts';
import type { FencedAnswer } from '../app/ports/ledger.ts';
import type { LedgerRow } from '../app/ports/row.ts';
import { rowAdvice } from './row-advice.ts';
import { rowJson } from './row-json.ts';

/** A row in doubt with what a person needs to ask the insurer. */
export interface Doubt {
  readonly row: LedgerRow;
  readonly json: Awaited<ReturnType<typeof rowJson>>;
  /** How long until it could be sent again. 0: now. */
  readonly sendAgainInMs: number;
}

export async function readDoubt(
  { ledger, vault, settings }: Pick<Ports, 'ledger' | 'vault' | 'settings'>,
  row: LedgerRow,
): Promise<Doubt> {
  const { callDeadlineMs: deadlineMs, quietPeriodMs } = settings;
  const holder = await ledger.holderFenced(row.id, { deadlineMs, quietPeriodMs });
  return { row, json: await rowJson(vault, row), sendAgainInMs: patienceOf(holder) };
}

/** For scripts: names are promises. */
export function doubtJson({ row, json, sendAgainInMs }: Doubt) {
  return { ...json, requestId: row.attemptId, sentAt: row.intentAt, sendAgainInMs, whatToDo: rowAdvice(row) };
}

function patienceOf({ fenced, quiet, waitMs }: FencedAnswer): number {
  return fenced && quiet ? 0 : Math.max(1, waitMs);
}
