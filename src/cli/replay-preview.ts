import type { ReplayClass, ReplayGroup } from '../app/ports/replay-ledger.ts';
import { countRows, formatGroups } from './row-groups.ts';
import { sayRows } from '../view/say-rows.ts';

/** Of one row, and of more. */
const classes: Readonly<Record<ReplayClass, readonly [string, string]>> = {
  safe: [
    'goes back to work: proven not to have created anything',
    'go back to work: proven not to have created anything',
  ],
  in_doubt: [
    'stays: may have arrived; `leadsync in-doubt` says what to do',
    'stay: may have arrived; `leadsync in-doubt` says what to do',
  ],
  needs_corrected_file: [
    'stays: to be corrected by the partner, in a new file',
    'stay: to be corrected by the partner, in a new file',
  ],
  not_replayable: [
    'stays: ended for good, at work, or its file was turned away',
    'stay: ended for good, at work, or of a file that was turned away',
  ],
};

/** What a replay would do: by class, and within it by partner, kind, state and code. */
export function formatPreview(groups: readonly ReplayGroup[], width: number): string {
  const sections = (Object.keys(classes) as ReplayClass[]).flatMap((name) => {
    const own = groups.filter((group) => group.class === name);
    const n = countRows(own);
    const says = classes[name][n === 1 ? 0 : 1];
    return n === 0 ? [] : [`${sayRows(n)} ${says}\n${formatGroups(own, width)}`];
  });
  return sections.join('\n\n') || 'no such rows';
}
