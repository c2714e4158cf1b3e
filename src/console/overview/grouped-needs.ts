import type { NeedsPerson } from '../../view/needs-person.ts';
import { outcomeWords } from '../../view/outcome-words.ts';
import { showNumber } from '../shown/number.ts';

/** One line of the overview: the same of several partners is one. */
export interface GroupedNeed extends Pick<
  NeedsPerson,
  'acknowledged' | 'command' | 'isUrgent' | 'since' | 'then' | 'what'
> {
  /** Of one thing, one. */
  readonly parts: readonly NeedsPerson[];
}

/** Puts together what is the same but for the partner: what ten partners send is not ten things to understand. */
export function groupNeeds(needs: readonly NeedsPerson[]): readonly GroupedNeed[] {
  const groups = Map.groupBy(needs, (need) => {
    const { about, acknowledged } = need;
    // What somebody knows of says who, and until when.
    return about?.kind === 'rows' && acknowledged === null ? `${about.rowKind} ${about.state}` : need;
  });
  return [...groups.values()].flatMap((parts) => {
    const [first] = parts;
    if (first === undefined) return [];
    return [parts.length === 1 ? { ...first, parts } : together(first, parts)];
  });
}

function together(first: NeedsPerson, parts: readonly NeedsPerson[]): GroupedNeed {
  const { about } = first;
  if (about?.kind !== 'rows') throw new Error('unreachable: only rows are put together');
  const { word, means } = outcomeWords[about.state];
  const n = parts.reduce((sum, { level }) => sum + level, 0);
  const times = parts.flatMap(({ since }) => (since === null ? [] : [since.getTime()]));
  return {
    ...first,
    what: `${showNumber(n)} ${about.rowKind === 'lead' ? 'leads' : 'status updates'} ${word}: ${means}`,
    command: first.command.replace(/ --partner \S+/, ''),
    since: times.length === 0 ? null : new Date(Math.min(...times)),
    parts,
  };
}
