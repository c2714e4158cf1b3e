import type { Ports } from './ports.ts';
import type { LedgerRow, RowState } from './ports/row.ts';
import type { RowChange } from './ports/row-moves.ts';

/** What a person, having looked at the insurer's, says became of a row in doubt. */
export type Verdict =
  | { readonly kind: 'lead_id'; readonly leadId: string; readonly idLanding?: string | null }
  | { readonly kind: 'send_again' }
  | { readonly kind: 'no_id' }
  | { readonly kind: 'abandon' }
  | { readonly kind: 'pushed' }
  | { readonly kind: 'cancel' };

export type Resolved =
  | { readonly kind: 'resolved'; readonly state: RowState }
  | { readonly kind: 'not_in_doubt'; readonly state: RowState }
  | { readonly kind: 'wrong_verdict' }
  | { readonly kind: 'too_early'; readonly waitMs: number }
  | { readonly kind: 'lead_id_taken' }
  | { readonly kind: 'moved_on' };

/**
 * Ends a doubt by a person's verdict, with a reason. "Send again" is the one way from doubt to a second request, so it
 * needs the holder fenced and the quiet period over: nothing of the first request can arrive any more.
 */
export async function resolveInDoubt(
  { ledger, settings }: Pick<Ports, 'ledger' | 'settings'>,
  row: LedgerRow,
  verdict: Verdict,
  by: {
    readonly actor: string;
    readonly reason: string;
    /** Of the batch that this is part of. */
    readonly detail?: Readonly<Record<string, string | number>>;
  },
): Promise<Resolved> {
  const late = row.state === 'registered_without_id' && verdict.kind === 'lead_id';
  if (row.state !== 'in_doubt' && !late) return { kind: 'not_in_doubt', state: row.state };
  const end = endOf(row, verdict);
  if (end === null) return { kind: 'wrong_verdict' };
  if (verdict.kind === 'send_again') {
    const { deadlineMs, quietPeriodMs } = {
      deadlineMs: settings.callDeadlineMs,
      quietPeriodMs: settings.quietPeriodMs,
    };
    const holder = await ledger.holderFenced(row.id, { deadlineMs, quietPeriodMs });
    if (!holder.fenced || !holder.quiet) return { kind: 'too_early', waitMs: holder.waitMs };
  }
  const result = await ledger.move({
    rowId: row.id,
    from: [row.state],
    fence: row.fence,
    version: row.version,
    ...end,
    newFence: true,
    audit: {
      action: `row.resolved_${verdict.kind}`,
      actor: by.actor,
      reason: by.reason,
      ...(by.detail === undefined ? {} : { detail: by.detail }),
    },
  });
  if (result.won) return { kind: 'resolved', state: result.state };
  return { kind: result.why === 'taken' ? 'lead_id_taken' : 'moved_on' };
}

interface End {
  readonly to: RowState;
  readonly dueInMs?: number;
  readonly set: RowChange;
}

function endOf(row: LedgerRow, verdict: Verdict): End | null {
  if (row.kind === 'lead') {
    switch (verdict.kind) {
      case 'lead_id':
        return {
          to: 'registered',
          set: {
            leadId: verdict.leadId,
            code: null,
            step: null,
            ...(verdict.idLanding ? { idLanding: verdict.idLanding } : {}),
          },
        };
      case 'send_again':
        // It stands for a lead of which this ledger has no file (recover.ts): there is nothing to send, and what it holds
        // the place of must not be held up. A row of that lead is then work, whether it is here already or still to come.
        if (row.fileId === null) return { to: 'cancelled', set: { code: null, step: null } };
        // The Idempotency-Key stays: a server that honours it sees one request.
        return { to: 'waiting', dueInMs: 0, set: { step: 'create', code: null, attempts: 0, endedJob: null } };
      case 'no_id':
        return { to: 'registered_without_id', set: { code: null, step: null } };
      case 'abandon':
        return { to: 'abandoned', set: { step: null } };
      default:
        return null;
    }
  }
  switch (verdict.kind) {
    case 'pushed':
      return { to: 'pushed', set: { code: null, step: null } };
    case 'send_again':
      return { to: 'waiting', dueInMs: 0, set: { step: 'push', code: null, attempts: 0, endedJob: null } };
    case 'cancel':
      return { to: 'cancelled', set: { code: 'ROW_CANCELLED', step: null } };
    default:
      return null;
  }
}
