import { leadRowStates, openLeadRowStates } from './lead-row.ts';
import { openStatusUpdateStates, statusUpdateStates } from './status-update.ts';

/** How long what is kept of a partner's files and rows stays, in milliseconds. */
export interface RetentionRules {
  /** Values of rows that have ended, by their state, from when they came to it. */
  readonly rowsMs: Readonly<Record<string, number>>;
  /** Files that were read or turned away. */
  readonly archiveMs: number;
  /** Result files, manifests and receipts. */
  readonly resultsMs: number;
  /** For so long values whose time is over are blocked before they are destroyed (LOPDGDD art. 32). Null: destroyed at once. */
  readonly blockMs: number | null;
}

const never: ReadonlySet<string> = new Set([...openLeadRowStates, ...openStatusUpdateStates, 'in_doubt']);

/** The states whose rows are past their time one day: what is at work or in doubt is never touched. */
export const endingStates: readonly string[] = [...new Set([...leadRowStates, ...statusUpdateStates])].filter(
  (state) => !never.has(state),
);

const dayMs = 24 * 3_600_000;

/** Of people who came to nothing less is kept, and for a shorter time. */
export const usualRetention = {
  rowsDays: 730,
  states: { not_managed: 90, rejected: 90 },
  archiveDays: 90,
  resultsDays: 90,
};

/** Also for what is of no partner. */
export const usualRetentionRules: RetentionRules = {
  rowsMs: Object.fromEntries(
    endingStates.map((state) => {
      const days: Readonly<Record<string, number>> = usualRetention.states;
      return [state, (days[state] ?? usualRetention.rowsDays) * dayMs];
    }),
  ),
  archiveMs: usualRetention.archiveDays * dayMs,
  resultsMs: usualRetention.resultsDays * dayMs,
  blockMs: null,
};

/** Stands where an erasure's number would on a row whose values were destroyed because their time was over. */
const destroyed = '-1';
/** The same, while they are blocked. */
const blocked = '-2';

export type Withheld = 'blocked' | 'destroyed';

/** What retention has done to a row's values. Null: nothing; a person's erasure is another thing. */
export function withheldOf({ erasure }: { readonly erasure?: string | null }): Withheld | null {
  if (erasure === blocked) return 'blocked';
  return erasure === destroyed ? 'destroyed' : null;
}

/** The erasure of the row's person. Null: there was none. */
export function erasureOfPerson(row: { readonly erasure?: string | null }): string | null {
  return withheldOf(row) === null ? (row.erasure ?? null) : null;
}
