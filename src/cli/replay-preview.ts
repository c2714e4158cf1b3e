import type { ReplayClass, ReplayPreview } from '../app/replay.ts';
import { outcomeWords } from './outcome-words.ts';
import { formatTable } from './table.ts';

const classes: Readonly<Record<ReplayClass, string>> = {
  safe: 'goes back to work: proven not to have created anything',
  in_doubt: 'stays: may have arrived; `leadsync in-doubt` says what to do',
  needs_corrected_file: 'stays: to be corrected by the partner, in a new file',
  not_replayable: 'stays: ended for good, or at work already',
};

/** What a replay would do: by class, and within it by partner, kind, state and code. */
export function formatPreview({ rows }: ReplayPreview, width: number): string {
  const sections = (Object.keys(classes) as ReplayClass[]).map((name) =>
    formatClass(
      name,
      rows.filter((entry) => entry.class === name),
      width,
    ),
  );
  return sections.filter((section) => section !== '').join('\n\n') || 'no such rows';
}

function formatClass(name: ReplayClass, entries: ReplayPreview['rows'], width: number): string {
  if (entries.length === 0) return '';
  const groups = new Map<string, { readonly cells: readonly string[]; count: number }>();
  for (const { row } of entries) {
    const cells = [row.partner, row.kind, outcomeWords[row.state].word, row.code ?? ''];
    const key = cells.join('\n');
    const group = groups.get(key) ?? { cells, count: 0 };
    group.count += 1;
    groups.set(key, group);
  }
  const table = formatTable(
    [
      { header: 'rows', align: 'right' },
      { header: 'partner', canShrink: true },
      { header: 'kind' },
      { header: 'state' },
      { header: 'code', canShrink: true },
    ],
    [...groups.values()].map(({ cells, count }) => [String(count), ...cells]),
    width,
  );
  return `${entries.length} ${entries.length === 1 ? 'row' : 'rows'} ${sayClass(name, entries.length)}\n${table}`;
}

function sayClass(name: ReplayClass, count: number): string {
  const says = classes[name];
  return count === 1 ? says : says.replace(/^(?:goes|stays)/, (verb) => (verb === 'goes' ? 'go' : 'stay'));
}
