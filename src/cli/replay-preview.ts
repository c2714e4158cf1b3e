import type { ReplayGroup } from '../app/ports/replay-ledger.ts';
import { countRows, formatGroups } from './row-groups.ts';
import { replayClasses, sayReplayClass } from '../view/replay-words.ts';
import { sayRows } from '../view/say-rows.ts';

/** What a replay would do: by class, and within it by partner, kind, state and code. */
export function formatPreview(groups: readonly ReplayGroup[], width: number): string {
  const sections = replayClasses.flatMap((name) => {
    const own = groups.filter((group) => group.class === name);
    const n = countRows(own);
    return n === 0 ? [] : [`${sayRows(n)} ${sayReplayClass(name, n)}\n${formatGroups(own, width)}`];
  });
  return sections.join('\n\n') || 'no such rows';
}
