/** What a listing shows of one lead that is in doubt, or whose leadId is not known. */
export interface ListingEvidence {
  /** LeadIds that the listing has for it and the ledger for nobody. */
  readonly leadIds: readonly string[];
  /** Its leadIds are not as the insurer gave them: a spreadsheet has taken their zeros, or a system has written them otherwise. */
  readonly areLeadIdsRewritten: boolean;
  /** It has a lead that nobody has under what may be this one's id, with a partner, a ramo or a time that does not fit. */
  readonly isListedOtherwise: boolean;
  /** The id that it was sent under is known: by it, it would be found. */
  readonly isIdKnown: boolean;
  /** Other rows for which the listing has the same leadId. */
  readonly rivals: number;
  /** The listing is all that the insurer has, and the ledger finds nothing of its own missing in it. */
  readonly isComplete: boolean;
  /** It has leads that were registered before this request was announced, and others announced after it was over: it was cut off at neither end. */
  readonly isWitnessed: boolean;
  readonly isInDoubt: boolean;
  /** By the database's clock: from then on nothing of its request can arrive any more. Null: nothing was sent. */
  readonly lastArrival: Date | null;
  /** Whoever announced the request can't write it any more. */
  readonly isHolderFenced: boolean;
  /** When the insurer took the listing. */
  readonly asOf: Date;
}

export type WhyItStays =
  | 'not_listed'
  | 'listed_otherwise'
  | 'lead_ids_rewritten'
  | 'sent_under_lost_id'
  | 'listed_more_than_once'
  | 'one_lead_for_several_rows'
  | 'may_have_arrived_later'
  | 'holder_may_still_write'
  | 'may_have_been_cut_off';

export type ListingVerdict =
  | { readonly kind: 'registered'; readonly leadId: string }
  /** It is not there and can't come any more: it may be sent again. */
  | { readonly kind: 'not_created' }
  | { readonly kind: 'stays'; readonly why: WhyItStays };

/**
 * What follows from a listing for one lead. "It is there" needs one lead for one row. "It is not there" needs everything:
 * a listing that is complete, with leads on both sides of this one and none that could be it in other words, taken after the
 * last moment at which the request could have arrived, and a holder that can't write. Anything else proves nothing.
 */
export function judgeByListing(evidence: ListingEvidence): ListingVerdict {
  const { leadIds, rivals, isComplete, isWitnessed, isInDoubt, lastArrival, isHolderFenced, asOf } = evidence;
  const [leadId] = leadIds;
  if (leadIds.length > 1) return { kind: 'stays', why: 'listed_more_than_once' };
  if (leadId !== undefined)
    return evidence.areLeadIdsRewritten
      ? { kind: 'stays', why: 'lead_ids_rewritten' }
      : rivals > 0
        ? { kind: 'stays', why: 'one_lead_for_several_rows' }
        : { kind: 'registered', leadId };
  if (evidence.isListedOtherwise) return { kind: 'stays', why: 'listed_otherwise' };
  if (!evidence.isIdKnown) return { kind: 'stays', why: 'sent_under_lost_id' };
  if (!isInDoubt || !isComplete) return { kind: 'stays', why: 'not_listed' };
  if (lastArrival === null || lastArrival >= asOf) return { kind: 'stays', why: 'may_have_arrived_later' };
  if (!isHolderFenced) return { kind: 'stays', why: 'holder_may_still_write' };
  return isWitnessed ? { kind: 'not_created' } : { kind: 'stays', why: 'may_have_been_cut_off' };
}
