import type { FaultCode } from './faults.ts';
import type { LeadRowState } from './lead-row.ts';

/** What the ledger knows of the latest row of the same lead: the one that holds its identity, else the newest that ended. */
export interface EarlierRow {
  readonly state: LeadRowState;
  readonly code: FaultCode | null;
  /** The new row says the same: its own values, not what the config adds. */
  readonly sameContent: boolean;
  /** It was read under the config that the new row is read under. */
  readonly sameConfig: boolean;
  /** Since its last move. */
  readonly ageMs: number;
}

/** After this a client that was not managed is asked about again. 30 days. */
export const recheckNotManagedMs = 30 * 24 * 60 * 60_000;

/** What becomes of a new row of a lead that was seen before. */
export type Judgement =
  /** It is work of its own. `replaces`: the earlier row, proven not created, gives way to it. */
  | { readonly kind: 'work'; readonly replaces: boolean }
  /** It points to the earlier row and shares its fate. */
  | { readonly kind: 'duplicate'; readonly code: FaultCode }
  /** It differs from a row whose fate is open: a duplicate until that row ends, and work if no lead came of it. */
  | { readonly kind: 'held' };

const work = { kind: 'work', replaces: false } as const;
const same = { kind: 'duplicate', code: 'ROW_DUPLICATE' } as const;

/**
 * Duplicates and corrections, row by row:
 *
 *   earlier row              the new row says the same              the new row differs
 *   ───────────────────────  ─────────────────────────────────────  ─────────────────────────────────────
 *   registered, abandoned    duplicate                              duplicate, ROW_LEAD_CHANGED: the API changes no lead
 *   under way, in doubt      duplicate, follows it                  held behind it
 *   not managed              duplicate until the recheck is due     work
 *   rejected                 duplicate, same code, no call          work
 *   failed                   duplicate: one replay brings both      work; the failed row is replaced
 *   cancelled by a person    duplicate, ROW_CANCELLED_BEFORE        the same
 *
 * A rejected row is asked about again when the config has changed: the request would be another one. A row that was
 * cancelled with its file is no decision about its lead.
 */
export function judgeAgainst(earlier: EarlierRow | null, recheckMs: number): Judgement {
  if (earlier === null) return work;
  const { sameContent } = earlier;
  switch (earlier.state) {
    case 'registered':
    case 'registered_without_id':
    case 'abandoned':
      return sameContent ? same : { kind: 'duplicate', code: 'ROW_LEAD_CHANGED' };
    case 'received':
    case 'waiting':
    case 'checked':
    case 'submitting':
    case 'in_doubt':
      return sameContent ? same : { kind: 'held' };
    case 'not_managed':
      return sameContent && earlier.ageMs < recheckMs ? same : work;
    case 'rejected':
      return sameContent && earlier.sameConfig ? { kind: 'duplicate', code: earlier.code ?? 'ROW_DUPLICATE' } : work;
    case 'failed':
      return sameContent ? same : { kind: 'work', replaces: true };
    case 'cancelled':
      return earlier.code === 'ROW_CANCELLED' ? { kind: 'duplicate', code: 'ROW_CANCELLED_BEFORE' } : work;
    case 'duplicate':
      throw new Error('a duplicate points to a row, and is none to point to');
  }
}

/** A duplicate and the row it points to. */
export interface FollowedRow {
  /** The duplicate differs and was held. */
  readonly held: boolean;
  /** Of the row before it. */
  readonly state: LeadRowState;
  readonly code: FaultCode | null;
}

/** What becomes of a duplicate when the row before it has moved. Null: it goes on pointing to it. */
export function judgeFollower({ held, state, code }: FollowedRow): 'work' | 'lead_changed' | null {
  // Cancelled with its file and not by a person: nobody has decided against the lead.
  if (!held) return state === 'cancelled' && code !== 'ROW_CANCELLED' && code !== 'ROW_REPLACED' ? 'work' : null;
  switch (state) {
    case 'registered':
    case 'registered_without_id':
    case 'abandoned':
      return 'lead_changed';
    case 'not_managed':
    case 'rejected':
    case 'failed':
    case 'cancelled':
      return 'work';
    default:
      return null;
  }
}
