import type { ListingProposal } from '../app/compare-listing.ts';

/** What follows from a listing of the insurer, for scripts: ids alone. Names are promises. */
export function proposalJson(proposal: ListingProposal) {
  const { registered, notCreated, stays, ...rest } = proposal;
  return {
    registered: registered.map(({ row, leadId }) => ({ row: row.id, leadId })),
    notCreated: notCreated.map(({ id }) => id),
    stays: stays.map(({ row, why }) => ({ row: row.id, why })),
    ...rest,
  };
}
