import type { NeedsPerson } from '../../view/needs-person.ts';
import { outcomeWords } from '../../view/outcome-words.ts';
import { showNumber } from '../shown/number.ts';

/** One line of the overview: the same of several partners is one. */
export interface GroupedNeed extends Omit<NeedsPerson, 'about'> {
  /** In the order of the ledger. Of one thing, one. */
  readonly about: readonly NeedsPerson['about'][];
}

/** Puts together what is the same but for the partner: what ten partners send is not ten things to understand. */
export function groupNeeds(needs: readonly NeedsPerson[]): readonly GroupedNeed[] {
  const groups = Map.groupBy(needs, (need) => {
    const { about, isUrgent } = need;
    return about.kind === 'rows' ? `${about.rowKind} ${about.state} ${isUrgent}` : need;
  });
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return group.length === 1 ? [{ ...first, about: [first.about] }] : [together(first, group)];
  });
}

function together(first: NeedsPerson, group: readonly NeedsPerson[]): GroupedNeed {
  const rows = group.flatMap(({ about }) => (about.kind === 'rows' ? [about] : []));
  const n = rows.reduce((sum, about) => sum + about.n, 0);
  const [of] = rows;
  if (of === undefined) throw new Error('unreachable: only rows are put together');
  const { word, means } = outcomeWords[of.state];
  const times = group.flatMap(({ since }) => (since === null ? [] : [since.getTime()]));
  return {
    ...first,
    what: `${showNumber(n)} ${of.rowKind === 'lead' ? 'leads' : 'status updates'} ${word}: ${means}`,
    command: first.command.replace(/ --partner \S+/, ''),
    about: rows,
    since: times.length === 0 ? null : new Date(Math.min(...times)),
  };
}
