import type { Verdict } from '../../app/resolve-in-doubt.ts';
import type { LedgerRow } from '../../app/ports/row.ts';

/** A verdict as the form offers it. */
export interface OfferedVerdict {
  readonly kind: Verdict['kind'];
  /** When it is the right one. */
  readonly when: string;
  /** What becomes of the row. */
  readonly then: string;
}

const ofLeads: readonly OfferedVerdict[] = [
  { kind: 'lead_id', when: 'The insurer has the lead, with this leadId', then: 'registered' },
  {
    kind: 'no_id',
    when: 'It has the lead and can not name its leadId',
    then: 'registered without id; nothing is sent',
  },
  { kind: 'send_again', when: 'It does not have the lead', then: 'the create is sent once more' },
  { kind: 'abandon', when: 'Nobody can tell; give it up', then: 'nothing is ever sent for it again' },
];

const ofUpdates: readonly OfferedVerdict[] = [
  { kind: 'pushed', when: 'The insurer has the new estado', then: 'pushed' },
  { kind: 'send_again', when: 'It does not have it', then: 'it is sent once more' },
  { kind: 'cancel', when: 'It is no longer wanted', then: 'cancelled; the other updates of the lead go on' },
];

/** The ways out of doubt of a row, and what else can still be said of it. Empty: there is no doubt. */
export function verdictsFor({ kind, state }: Pick<LedgerRow, 'kind' | 'state'>): readonly OfferedVerdict[] {
  if (state === 'in_doubt') return kind === 'lead' ? ofLeads : ofUpdates;
  return state === 'registered_without_id' ? ofLeads.slice(0, 1) : [];
}

/** As posted. Null: it is none, or lacks its leadId. */
export function readVerdict(kind: string, leadId: string): Verdict | null {
  switch (kind) {
    case 'lead_id':
      return /^\S{1,100}$/.test(leadId) ? { kind, leadId } : null;
    case 'no_id':
    case 'send_again':
    case 'abandon':
    case 'pushed':
    case 'cancel':
      return { kind };
    default:
      return null;
  }
}
