import type { LedgerFileView } from '../app/ports/ledger.ts';
import type { RowState } from '../app/ports/row.ts';

export interface OutcomeWords {
  /** What stands in a list: the design's word, with spaces. */
  readonly word: string;
  readonly means: string;
}

/** Every state of a row in words, in the order of its life: the order in which counts are shown. */
export const outcomeWords: Readonly<Record<RowState, OutcomeWords>> = {
  received: { word: 'received', means: 'read and checked; work on it has not begun' },
  waiting: { word: 'waiting', means: 'tried again later by itself' },
  checked: { word: 'checked', means: 'the client check was answered; the create is next' },
  submitting: { word: 'submitting', means: 'the create is on its way' },
  pushing: { word: 'pushing', means: 'the update is on its way' },
  registered: { word: 'registered', means: 'the lead exists and its leadId is recorded' },
  registered_without_id: { word: 'registered without id', means: 'the lead exists; its leadId is not known' },
  pushed: { word: 'pushed', means: 'the API has accepted the update' },
  not_managed: { word: 'not managed', means: "not this partner's client; nothing was sent" },
  duplicate: { word: 'duplicate', means: 'says what an earlier row has said already' },
  superseded: { word: 'superseded', means: 'a newer update has taken its place' },
  cancelled: { word: 'cancelled', means: 'taken out of work; nothing was sent' },
  abandoned: { word: 'abandoned', means: 'given up by a person; the lead may exist' },
  rejected: { word: 'rejected', means: 'refused for what the row says; nothing created' },
  failed: { word: 'failed', means: 'tries used up; nothing was created or set' },
  in_doubt: { word: 'in doubt', means: 'may have been carried out; a person finds out' },
};

export const rowStates = Object.keys(outcomeWords) as readonly RowState[];

const openStates: ReadonlySet<string> = new Set<RowState>(['received', 'waiting', 'checked', 'submitting', 'pushing']);

/** Work on it goes on by itself. */
export function isOpenState(state: string): boolean {
  return openStates.has(state);
}

export function isRowState(word: string): word is RowState {
  return Object.hasOwn(outcomeWords, word);
}

/** The same of a file; of a mixed one by kind, whose states have the same names. */
export function sayFileCounts({
  kind,
  counts,
  countsByKind,
}: Pick<LedgerFileView, 'kind' | 'counts' | 'countsByKind'>): string {
  if (kind !== 'mixed') return sayCounts(counts);
  const told = Object.entries(countsByKind).map(([rowKind, ofKind]) => `${rowKind}s: ${sayCounts(ofKind)}`);
  return told.toSorted().join('; ') || sayCounts(counts);
}

/** `12 registered · 1 in doubt`, in the order of a row's life. */
export function sayCounts(counts: Readonly<Record<string, number>>): string {
  const told = rowStates.filter((state) => (counts[state] ?? 0) > 0);
  return told.map((state) => `${counts[state] ?? 0} ${outcomeWords[state].word}`).join(' · ') || 'no rows';
}
