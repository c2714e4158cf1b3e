/** A create that was sent and that the ledger does not know, with what the API answered, where that was noted. */
export interface SentCreate {
  /** The outcome of the call, in the words of CallOutcome. Null: none was noted. */
  readonly outcome: string | null;
  readonly leadId: string | null;
}

export type GapVerdict<C extends SentCreate> =
  /** One of them came back with a leadId. */
  | { readonly kind: 'created'; readonly by: C }
  /** One of them may have been carried out. */
  | { readonly kind: 'in_doubt'; readonly by: C }
  /** Each of them provably did nothing. */
  | { readonly kind: 'nothing' };

/** Outcomes that prove that a create did nothing. */
const nothing = new Set<string | null>(['refused', 'not_sent', 'try_later', 'halted']);

/** What became of a lead, by all of its creates since the ledger's last word on it, oldest first. */
export function judgeGap<C extends SentCreate>(creates: readonly C[]): GapVerdict<C> {
  const created = creates.find(({ outcome, leadId }) => outcome === 'answered' && leadId !== null);
  if (created !== undefined) return { kind: 'created', by: created };
  const doubtful = creates.findLast(({ outcome }) => !nothing.has(outcome));
  return doubtful === undefined ? { kind: 'nothing' } : { kind: 'in_doubt', by: doubtful };
}
