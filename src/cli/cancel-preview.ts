import type { CancelGroup } from '../app/ports/cancel-ledger.ts';
import type { RowState } from '../app/ports/row.ts';
import { countRows, formatGroups } from './row-groups.ts';
import { sayRows } from '../view/say-rows.ts';
import { wrapText } from './text-width.ts';

/** What becomes of rows, in the order in which a person wants to know it. */
const classes = {
  cancelled: 'to be cancelled: out of work for good, unless somebody replays',
  under_way: 'under way, not to be taken back: look again when the answers are there',
  in_doubt: 'in doubt, perhaps arrived: ask the insurer, `leadsync in-doubt --ask FILE.csv`, then `leadsync resolve`',
  sent: 'sent, or given up: tell the insurer what is not wanted; `leadsync rows --state registered --json` has the leadIds',
  rejected: 'refused, and the partner was told: cancelled with `--state rejected` only',
  ended: 'over without being sent, or repeating another row',
} as const;
type CancelClass = keyof typeof classes;

const ofState: Partial<Readonly<Record<RowState, CancelClass>>> = {
  submitting: 'under_way',
  pushing: 'under_way',
  // A create without an answer that is repeated until it has one: no other open row is refused.
  waiting: 'under_way',
  in_doubt: 'in_doubt',
  registered: 'sent',
  registered_without_id: 'sent',
  pushed: 'sent',
  abandoned: 'sent',
  rejected: 'rejected',
};

/** What a cancelling would do, and what it can't do anything about, with what to do instead. */
export function formatCancel(groups: readonly CancelGroup[], width: number): string {
  const sections = (Object.keys(classes) as CancelClass[]).flatMap((name) => {
    const own = groups.filter((group) => classOf(group) === name);
    const n = countRows(own);
    return n === 0 ? [] : [`${wrapText(`${sayRows(n)} ${classes[name]}`, width)}\n${formatGroups(own, width)}`];
  });
  return sections.join('\n\n') || 'no such rows';
}

function classOf({ canBeCancelled, state }: CancelGroup): CancelClass {
  return canBeCancelled ? 'cancelled' : (ofState[state] ?? 'ended');
}
