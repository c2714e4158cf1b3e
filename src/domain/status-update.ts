/**
 * The life of a status update: what a row of an updates file asks the API to set on a lead.
 *
 *   received ──> rejected · duplicate · superseded
 *      │  └────> waiting ──> received           its lead, an update that goes before it, or a retry
 *      └───────> pushing                        the intent: at most one a lead, what may be set first, then the oldest
 *                   ├──> pushed · rejected
 *                   ├──> waiting ──> failed     not sent, try later, or ambiguous where a repeat is harmless
 *                   └──> in_doubt               ambiguous where a repeat is not harmless
 *   failed, rejected ──> received               replay
 *   in_doubt ──> pushed | waiting | cancelled   an operator, or late evidence
 *   waiting ──> pushed                          late evidence: its worker was frozen or had noted the answer, and nothing of
 *                                               it is under way
 */
export const statusUpdateStates = [
  'received',
  'waiting',
  'pushing',
  'pushed',
  'rejected',
  'duplicate',
  'superseded',
  'failed',
  'in_doubt',
  'cancelled',
] as const;

export type StatusUpdateState = (typeof statusUpdateStates)[number];

/** An answer to the latest request of an update ends it also after the sweeper has taken it back, if it was not sent again. */
export const answerableUpdateStates = [
  'pushing',
  'waiting',
  'in_doubt',
] as const satisfies readonly StatusUpdateState[];

export const statusUpdateMoves: Readonly<Record<StatusUpdateState, readonly StatusUpdateState[]>> = {
  received: ['rejected', 'duplicate', 'superseded', 'waiting', 'pushing', 'cancelled'],
  waiting: ['received', 'rejected', 'duplicate', 'superseded', 'pushing', 'pushed', 'failed', 'cancelled'],
  pushing: ['pushed', 'rejected', 'waiting', 'failed', 'in_doubt'],
  in_doubt: ['pushed', 'rejected', 'waiting', 'cancelled'],
  failed: ['received', 'cancelled'],
  rejected: ['received', 'cancelled'],
  pushed: [],
  duplicate: [],
  superseded: [],
  cancelled: [],
};

/** Work goes on by itself. */
export const openStatusUpdateStates = [
  'received',
  'waiting',
  'pushing',
] as const satisfies readonly StatusUpdateState[];

/**
 * Hold back every update of the same lead that comes after them: until they end, order could not be kept. The oldest goes
 * first; but one that may have been set already, because a request of it got no answer, goes before all that were never
 * sent. An older one that turns up meanwhile is superseded then.
 */
export const holdingStatusUpdateStates = [
  'received',
  'waiting',
  'pushing',
  'failed',
  'in_doubt',
] as const satisfies readonly StatusUpdateState[];

export function canStatusUpdateMove(from: StatusUpdateState, to: StatusUpdateState): boolean {
  return statusUpdateMoves[from].includes(to);
}
