import { z } from 'zod';
import { actBody } from './act.ts';
import { named } from './schemas.ts';
import { count, ledgerId, text } from './values.ts';

const said = {
  asOf: text(40).meta({ description: 'When the insurer took it: 2h ago, or ISO 8601.' }),
  complete: z.enum(['yes', 'no']).optional().meta({ description: 'It holds everything that the insurer has.' }),
  partner: text(100).optional().meta({ description: 'Look at the leads of this partner only.' }),
};

export const listingQuery = z.strictObject(said);
/** A body as it comes. */
export const listing = z.custom<AsyncIterable<Uint8Array>>();

const seen = z.string().max(64);

/** As `proposal` of `leadsync reconcile --json`. */
export const listingCompared = named(
  'ListingCompared',
  z.object({
    token: z
      .string()
      .meta({ description: 'To be sent along to carry it out, within half an hour, at the same console.' }),
    seen: seen.meta({ description: 'To be sent along: if something else follows by then, it is refused.' }),
    proposal: z.object({
      registered: z.array(z.object({ row: ledgerId, leadId: z.string() })),
      notCreated: z.array(ledgerId),
      stays: z.array(z.object({ row: ledgerId, why: z.string() })),
      secondLeads: z.array(z.object({ rowId: ledgerId, leadId: z.string() })),
      strangers: count,
      namesPartners: z.boolean(),
      lines: count,
      unreadable: count,
      expected: count,
      found: count,
      otherIds: count,
      otherLeadIds: count,
    }),
  }),
);

export const carryOutBody = actBody('CarryOutListing', { ...said, token: z.string().max(100), seen });

/** As `report` of `leadsync reconcile --json`. */
export const listingCarriedOut = named(
  'ListingCarriedOut',
  z.object({ registered: count, sentBack: count, passedOver: count, leadIdTaken: count }),
);

export const askBody = actBody('AskInsurer', { partner: text(100).optional() });
export const asked = named(
  'Asked',
  z.object({ csv: z.string().meta({ description: 'As `leadsync in-doubt --ask`. Personal.' }) }),
);
