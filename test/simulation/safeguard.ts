import type { LedgerSafeguard } from '../support/in-memory/safeguards.ts';

/** What keeps a lead from being created twice, lost or left behind: each can be taken away, and the checker must notice. */
export const safeguards = [
  'intent_before_call',
  'compare_and_set',
  'lost_race_ends_the_job',
  'doubt_is_no_retry',
  'sweeper_doubts',
  'send_budget',
  'holder_guard',
  'quiet_period',
  'identity',
  'lead_id',
  'update_order',
  'sent_updates_first',
  'stops',
  'late_updates',
  'feeder',
  'sweeper',
] as const;

export type Safeguard = (typeof safeguards)[number];

const ofTheLedger: readonly string[] = [
  'compare_and_set',
  'identity',
  'lead_id',
  'update_order',
  'sent_updates_first',
  'stops',
  'late_updates',
] satisfies LedgerSafeguard[];

export function isOfTheLedger(safeguard: Safeguard): safeguard is Safeguard & LedgerSafeguard {
  return ofTheLedger.includes(safeguard);
}
