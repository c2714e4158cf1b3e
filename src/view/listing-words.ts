import type { ListingProposal } from '../app/compare-listing.ts';
import type { WhyItStays } from '../domain/judge-listing.ts';

/** Why a row stays as it is, after its insurer's listing was looked at. */
export const whyItStays: Readonly<Record<WhyItStays, string>> = {
  not_listed: 'not in the listing, which proves nothing',
  listed_otherwise:
    'under its id, or one that is written nearly like it, the listing has a lead of another partner, ramo or time: ask the insurer whether it is this one',
  sent_under_lost_id:
    'sent under an id that went with the lost part of the ledger, so no listing proves that it is not there: ask the insurer by its X-Request-Id',
  lead_ids_rewritten:
    'in the listing, which has changed its leadIds: a spreadsheet takes their zeros away. Take the listing as the insurer made it',
  listed_more_than_once: 'in the listing under more than one leadId: ask the insurer which is which',
  one_lead_for_several_rows: 'one lead of the listing fits several rows: ask the insurer whose it is',
  may_have_arrived_later:
    'not in the listing, and the request may have arrived after it was taken: a later listing tells',
  may_have_been_cut_off:
    'not in the listing, which has no lead from before it or none from after it: cut off at that end it would look the same',
  holder_may_still_write: 'not in the listing, and the process that announced the request may still be alive',
};

export const reasonsToStay = Object.keys(whyItStays) as readonly WhyItStays[];

/** What a listing is like, and what is to be thought of before anything follows from it; a sentence or more each. */
export function sayListing(proposal: ListingProposal, saysComplete: boolean): readonly string[] {
  const { registered, lines, unreadable, strangers, expected, found, otherIds, otherLeadIds } = proposal;
  const about = [`${lines} lines`, `${found} of ${expected} leads that were registered by then`];
  if (strangers > 0) about.push(`${strangers} that are not ours`);
  if (unreadable > 0) about.push(`${unreadable} that can not be read`);
  const told = [`The listing: ${about.join(', ')}.`];
  if (otherIds > 0) {
    told.push(
      `For ${otherIds} of them it has another partnerLeadId than was sent, so an id that is not in it proves nothing.`,
    );
  }
  if (otherLeadIds > 0) {
    told.push(
      `${otherLeadIds} registered ${otherLeadIds === 1 ? 'lead has' : 'leads have'} another leadId there than the API gave, but for zeros, case or punctuation: no leadId is taken from it.`,
    );
  }
  if (registered.length > 0 && strangers > 0 && !proposal.namesPartners) {
    told.push(
      "It has leads that are not ours and no column with the partner: a stranger's lead under an id of ours looks like ours. Look at the leadIds before you go on.",
    );
  }
  if (saysComplete && (found < expected || unreadable > 0)) {
    told.push(
      'It is not complete, whatever is said: it lacks leads that the ledger knows, or has lines that can not be read. So nothing follows from what is not in it. Is it cut off, of another environment, or older than is said?',
    );
  }
  return told;
}
