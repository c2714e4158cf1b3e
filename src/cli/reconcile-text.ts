import type { ListingProposal } from '../app/compare-listing.ts';
import { reasonsToStay, sayListing, whyItStays } from '../view/listing-words.ts';
import { wrapText } from './text-width.ts';

const samples = 5;

/** What a listing proposes, by class, with a few row ids each. */
export function formatProposal(proposal: ListingProposal, saysComplete: boolean, width: number): string {
  const { registered, notCreated, stays, secondLeads } = proposal;
  const told = [
    classOf(
      registered.map(({ row, leadId }) => `${row.id} (${leadId})`),
      'gets its leadId',
      'get their leadId',
    ),
    classOf(
      notCreated.map(({ id }) => id),
      'was not created and goes back to work',
      'were not created and go back to work',
    ),
    ...reasonsToStay.map((why) =>
      classOf(
        stays.filter((one) => one.why === why).map(({ row }) => row.id),
        `stays: ${whyItStays[why]}`,
        `stay: ${whyItStays[why]}`,
      ),
    ),
    classOf(
      secondLeads.map(({ rowId, leadId }) => `${rowId} (${leadId})`),
      'is registered, and the listing has another lead under its id: maybe created twice',
      'are registered, and the listing has another lead under their ids: maybe created twice',
    ),
  ].filter((line) => line !== '');
  if (told.length === 0) told.push('no lead is in doubt');
  told.push(...sayListing(proposal, saysComplete));
  return told.map((text) => wrapText(text, width, '')).join('\n');
}

function classOf(ids: readonly string[], one: string, many: string): string {
  if (ids.length === 0) return '';
  const shown = ids.slice(0, samples).join(', ');
  return `${ids.length} ${ids.length === 1 ? `row ${one}` : `rows ${many}`}: ${shown}${ids.length > samples ? ', …' : ''}`;
}
