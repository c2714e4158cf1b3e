/**
 * The life of a lead row: which states there are and which moves are legal. Who may move, and when, is decided by the
 * use cases; the ledger makes each move a compare-and-set on state and fence.
 *
 *   received ──> rejected · duplicate · not_managed
 *      │  ├────> waiting(check) ──> received | failed
 *      │  └────> checked ──> received (check too old)
 *      │             └──> submitting            THE INTENT: committed before any byte leaves, fence + 1
 *      │                     ├──> registered     a well-formed leadId came back
 *      │                     ├──> rejected       the API refused the content, positively recognised
 *      │                     ├──> waiting(create) ──> checked | failed      proven not sent or not applied
 *      │                     └──> in_doubt       anything else
 *      │                             ├──> registered | rejected | waiting    late evidence of the same fence
 *      │                             ├──> registered | registered_without_id | waiting | abandoned    an operator
 *      │                             └──> cancelled    an operator, of a lead whose file a ledger from a backup lacks
 *   failed, rejected, not_managed, cancelled ──> received   replay, fence + 1
 *   duplicate ──> received                                  it differed, and no lead came of the row before it
 *   received, waiting, checked, failed, rejected ──> cancelled
 *   all of these, not_managed and cancelled ──> in_doubt    a ledger from a backup learns what was sent after it
 */
export const leadRowStates = [
  'received',
  'waiting',
  'checked',
  'submitting',
  'registered',
  'registered_without_id',
  'rejected',
  'duplicate',
  'not_managed',
  'failed',
  'in_doubt',
  'cancelled',
  'abandoned',
] as const;

export type LeadRowState = (typeof leadRowStates)[number];

/** Every legal move. `submitting` is never left for itself and nothing that may have been sent returns to a sending state except through `waiting`. */
export const leadRowMoves: Readonly<Record<LeadRowState, readonly LeadRowState[]>> = {
  received: ['rejected', 'duplicate', 'not_managed', 'checked', 'waiting', 'failed', 'in_doubt', 'cancelled'],
  waiting: ['received', 'checked', 'failed', 'in_doubt', 'cancelled'],
  checked: ['received', 'submitting', 'rejected', 'failed', 'in_doubt', 'cancelled'],
  submitting: ['registered', 'rejected', 'waiting', 'failed', 'in_doubt'],
  in_doubt: ['registered', 'registered_without_id', 'rejected', 'waiting', 'abandoned', 'cancelled'],
  registered_without_id: ['registered'],
  failed: ['received', 'in_doubt', 'cancelled'],
  rejected: ['received', 'in_doubt', 'cancelled'],
  not_managed: ['received', 'in_doubt'],
  registered: [],
  duplicate: ['received'],
  cancelled: ['received', 'in_doubt'],
  abandoned: [],
};

/** States that may send, have sent or may have sent: at most one row of a lead's identity may be in one of them. */
export const identityHoldingStates = [
  'received',
  'waiting',
  'checked',
  'submitting',
  'in_doubt',
  'registered',
  'registered_without_id',
  'abandoned',
] as const satisfies readonly LeadRowState[];

/** Ended without a lead, and hold no identity: a new row of the same lead is judged against the newest of them. */
export const endedLeadRowStates = [
  'rejected',
  'not_managed',
  'failed',
  'cancelled',
] as const satisfies readonly LeadRowState[];

/** Nothing more happens by itself, and nobody has to act. */
export const closedLeadRowStates = [
  'registered',
  'registered_without_id',
  'not_managed',
  'duplicate',
  'cancelled',
  'abandoned',
] as const satisfies readonly LeadRowState[];

/** A person can act on it: replay it, or say what became of it. */
export const parkedLeadRowStates = ['rejected', 'failed', 'in_doubt'] as const satisfies readonly LeadRowState[];

/** Work goes on by itself. A file settles when none of its rows is open. */
export const openLeadRowStates = [
  'received',
  'waiting',
  'checked',
  'submitting',
] as const satisfies readonly LeadRowState[];

/** Work lies ahead and nothing of it is on its way: what a held file holds back, and a cancelled one gives up. */
export const unsentRowStates = ['received', 'waiting', 'checked'] as const satisfies readonly LeadRowState[];

export function canLeadRowMove(from: LeadRowState, to: LeadRowState): boolean {
  return leadRowMoves[from].includes(to);
}
