import type { ReplayClass, ReplayPreview } from '../app/replay.ts';
import { outcomeWords } from './outcome-words.ts';
import { formatTable } from './table.ts';

const classes: Readonly<Record<ReplayClass, string>> = {
  safe: 'goes back to work: proven not created',
  needs_corrected_file: 'stays: the row itself has to be corrected in a new file',
  in_doubt: 'stays: may have arrived; `leadsync in-doubt`',
  not_replayable: 'stays: ended for good, or at work already',
};

/** What a replay would do, by class, then by partner, state and code. */
export function formatPreview({ rows }: ReplayPreview, width: number): string {
  if (rows.length === 0) return 'no such rows';
  const groups = new Map<string, { readonly cells: readonly string[]; count: number }>();
  for (const name of Object.keys(classes) as ReplayClass[]) {
    for (const { row } of rows.filter((entry) => entry.class === name)) {
      const cells = [classes[name], row.partner, row.kind, outcomeWords[row.state].word, row.code ?? ''];
      const group = groups.get(cells.join('\n')) ?? { cells, count: 0 };
      group.count += 1;
      groups.set(cells.join('\n'), group);
    }
  }
  return formatTable(
    [
      { header: 'rows', align: 'right' },
      { header: 'partner', canShrink: true },
      { header: 'kind' },
      { header: 'state' },
      { header: 'code', canShrink: true },
      { header: 'replay', canShrink: true },
    ],
    [...groups.values()].map(({ cells: [replay = '', ...rest], count }) => [String(count), ...rest, replay]),
    width,
  );
}
