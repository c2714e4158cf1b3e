/** What the ledger in memory can be told to leave out, so that a test can show that it would notice. */
export type LedgerSafeguard =
  /** A move compares fence, version and attempt, and not the state alone. */
  | 'compare_and_set'
  /** The unique index on the identity of a lead. */
  | 'identity'
  /** The unique index on leadId. */
  | 'lead_id'
  /** One update of a lead on its way, the oldest first. */
  | 'update_order'
  /** One that may have been set goes before older ones that turn up after it. */
  | 'sent_updates_first'
  /** In an outage, a halt or a pause no attempt begins. */
  | 'stops'
  /** Nothing newer is sent while a request of an older update may still arrive. */
  | 'late_updates';
