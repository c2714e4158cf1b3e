import type { Act } from '../../app/ports/held-files.ts';
import type { LedgerRow } from '../../app/ports/row.ts';
import { resolveInDoubt, type Resolved, type Verdict } from '../../app/resolve-in-doubt.ts';
import { sayDuration } from '../../view/duration.ts';
import { outcomeWords } from '../../view/outcome-words.ts';
import { rowTimeline } from '../../view/timeline.ts';
import { notDone, type DeedEnd, type NotDone } from '../acts/deed.ts';
import { sayLast } from '../../view/last-moment.ts';
import type { ConsolePorts } from '../ports.ts';

/** A verdict, on a row as it was when somebody looked at it. */
export interface Resolving {
  readonly id: string;
  /** Of the row that was looked at. */
  readonly version: string;
  /** Null: what was said is none. */
  readonly verdict: Verdict | null;
  readonly act: Act;
  readonly timeZone: string;
}

/** A person ends a doubt. The row must be as it was when they looked at it. */
export async function resolveRow(
  ports: Pick<ConsolePorts, 'ledger' | 'settings'>,
  { id, version, verdict, act, timeZone }: Resolving,
): Promise<DeedEnd> {
  const row = /^\d{1,18}$/.test(id) ? await ports.ledger.row(id) : null;
  if (row === null) return notDone('no_such', 'There is no such row.');
  if (verdict === null)
    return notDone(
      'invalid',
      'Say what was found. Where the insurer has the lead, with its leadId as the insurer writes it, without spaces.',
    );
  if (String(row.version) !== version) return movedOn(ports, row, timeZone);
  const resolved = await resolveInDoubt(ports, row, verdict, act);
  if (resolved.kind === 'resolved') return { kind: 'done' };
  if (resolved.kind === 'moved_on' || resolved.kind === 'not_in_doubt') return movedOn(ports, row, timeZone);
  return refused(row, resolved);
}

/** Somebody, or late evidence, was quicker: who, and to what. */
async function movedOn(
  { ledger }: Pick<ConsolePorts, 'ledger'>,
  { id }: Pick<LedgerRow, 'id'>,
  timeZone: string,
): Promise<NotDone> {
  const [row, history] = await Promise.all([ledger.row(id), ledger.history(id)]);
  const state = row === null ? 'gone' : outcomeWords[row.state].word;
  const last = sayLast(rowTimeline(history), timeZone);
  return notDone(
    'moved_on',
    `Row ${id} has moved on since you looked at it: it is ${state}. ${last} Nothing of yours was done.`,
  );
}

function refused(
  { id, kind }: Pick<LedgerRow, 'id' | 'kind'>,
  resolved: Exclude<Resolved, { readonly kind: 'moved_on' | 'not_in_doubt' | 'resolved' }>,
): NotDone {
  switch (resolved.kind) {
    case 'wrong_verdict':
      return notDone('not_possible', `That can not be said of a ${kind === 'lead' ? 'lead' : 'status update'}.`);
    case 'too_early':
      return notDone(
        'too_early',
        `Too early: the first request of row ${id} could still arrive. Try again in ${sayDuration(resolved.waitMs)}.`,
        resolved.waitMs,
      );
    case 'lead_id_taken':
      return notDone(
        'not_possible',
        `Another row has this leadId, so it can not be that of row ${id}, which stays in doubt.`,
      );
  }
}
