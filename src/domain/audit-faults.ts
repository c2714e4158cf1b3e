/** What `audit verify` can find. Each names the entry or the seal. */
export type AuditFault =
  | { readonly kind: 'entry_changed' | 'entry_removed'; readonly seq: string; readonly seal: number }
  /** It claims to be older than a seal in which it does not stand. */
  | { readonly kind: 'entry_inserted'; readonly seq: string; readonly seal: number }
  /** Its time lies far before that of the seal before its own, or after its own. */
  | { readonly kind: 'entry_back_dated'; readonly seq: string; readonly seal: number }
  | { readonly kind: 'seal_changed' | 'seal_removed' | 'seal_signature' | 'seal_chain'; readonly seal: number }
  /** Signed, but by a key that nobody named. */
  | { readonly kind: 'seal_key'; readonly seal: number; readonly key: string }
  /** A checkpoint from outside the database says otherwise. */
  | { readonly kind: 'checkpoint_differs'; readonly seal: number }
  /** `seq`: the first entry that the seal closed. */
  | { readonly kind: 'cut_off'; readonly seq: string; readonly seal: number };

/** For people: what is wrong, with the entry or the seal by its number. */
export function describeAuditFault(fault: AuditFault): string {
  switch (fault.kind) {
    case 'entry_changed':
      return `entry ${fault.seq} was changed after seal ${fault.seal} had closed it`;
    case 'entry_removed':
      return `entry ${fault.seq} is gone; seal ${fault.seal} has it`;
    case 'entry_inserted':
      return `entry ${fault.seq} was put in later: it claims to be older than seal ${fault.seal}, which does not have it`;
    case 'entry_back_dated':
      return `entry ${fault.seq} bears a time that can not be its own: seal ${fault.seal} was made at another`;
    case 'seal_changed':
      return `seal ${fault.seal} was changed: its list of entries is not the one it was signed for`;
    case 'seal_removed':
      return `seal ${fault.seal} is gone`;
    case 'seal_signature':
      return `seal ${fault.seal} bears a signature that is not its key's`;
    case 'seal_chain':
      return `seal ${fault.seal} does not follow the one before it`;
    case 'seal_key':
      return `seal ${fault.seal} is signed by a key that is not known here (${fault.key}); name it with --key if it was yours`;
    case 'checkpoint_differs':
      return `seal ${fault.seal} is not the one that was written outside the database`;
    case 'cut_off':
      return `the log was cut off: seal ${fault.seal}, from entry ${fault.seq} on, was written outside the database and is not in it`;
  }
}
