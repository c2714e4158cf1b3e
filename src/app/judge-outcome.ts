import type { CallOutcome } from '../domain/call-outcome.ts';
import type { RetryCause } from '../domain/retry-policy.ts';
import { backOff, type BackOff } from './back-off.ts';
import type { Ports } from './ports.ts';
import type { LedgerRow, Step } from './ports/row.ts';
import type { RowMove } from './ports/row-moves.ts';
import { sealText } from './seal-text.ts';

type Verdict<Kind extends string> = Extract<CallOutcome<never>, { readonly kind: Kind }>;

/** Verdicts that mean the same for every call: it did nothing, and it may be tried again. */
export type Postponing = Verdict<'inconclusive' | 'not_sent' | 'try_later' | 'halted'>;

/** The part of a move after which the row waits for `step`, or has failed because its tries are used up. */
export async function postpone(
  ports: Pick<Ports, 'clock' | 'settings' | 'traffic' | 'vault'>,
  row: LedgerRow,
  step: Step,
  outcome: Postponing,
  isOutage: boolean,
): Promise<BackOff> {
  const later = backOff(ports, row, step, outcome.code, isOutage ? { kind: 'outage' } : causeOf(outcome));
  if (outcome.kind !== 'inconclusive') return later;
  return { ...later, set: { ...later.set, message: await sealText(ports.vault, row, outcome.message) } };
}

/** The part of a move after which the row is rejected in the API's own words. */
export async function refuse(
  ports: Pick<Ports, 'vault'>,
  row: LedgerRow,
  { code, message }: Verdict<'refused'>,
): Promise<Pick<RowMove, 'to' | 'set'>> {
  return {
    to: 'rejected',
    set: { code, problems: [{ code }], message: await sealText(ports.vault, row, message) },
  };
}

function causeOf(outcome: Postponing): RetryCause {
  switch (outcome.kind) {
    case 'not_sent':
      return { kind: outcome.withheld ? 'withheld' : 'unreached' };
    case 'try_later':
      return { kind: 'try_later', afterMs: outcome.afterMs };
    default:
      return { kind: outcome.kind };
  }
}
