import { z } from 'zod';
import { errorBody } from './error.ts';
import { named } from './schemas.ts';
import { count, ledgerId, rowState, text } from './values.ts';

export const mostUpdates = 100;

const update = z.strictObject({
  lead: text(200).meta({
    description: 'leadId, idLanding, partnerLeadId or row id (ls-42). For a NIF: /search first.',
  }),
  estado: text(100).meta({ description: 'A number, or the partner’s word for it.' }),
  observacion: z
    .string()
    .max(4_000)
    .refine((given) => !given.includes('\0') && given.isWellFormed())
    .optional()
    .meta({ description: 'May be left out where the partner’s config says what stands in its place.' }),
});

export const updatesBody = named('Updates', z.strictObject({ updates: z.array(update).min(1).max(mostUpdates) }));

/** What has become of each, in the order of the request. */
export const updatesEntered = named(
  'UpdatesEntered',
  z.object({
    entered: count,
    refused: count,
    results: z.array(
      z.union([
        z.object({
          id: ledgerId.meta({ description: 'The row of the update: /leads/{row} shows what becomes of it.' }),
          leadRow: ledgerId,
          leadState: rowState.meta({ description: 'registered: it is sent in its turn. Else it waits.' }),
        }),
        errorBody,
      ]),
    ),
  }),
);
