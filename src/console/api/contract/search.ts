import { z } from 'zod';
import { row } from './row.ts';
import { named } from './schemas.ts';
import { count, text } from './values.ts';

export const search = named(
  'Search',
  z.strictObject({
    text: text(200).meta({ description: 'A NIF, phone, e-mail, partnerLeadId, leadId, idLanding or ls-42.' }),
  }),
);

export const searchFound = named(
  'SearchFound',
  z.object({
    rows: z.array(row),
    by: z.array(z.string()).meta({ description: 'What the text was taken for: nif, phone, email, id.' }),
    unseen: count.meta({ description: 'So many rows were read just now and could not be looked at, about.' }),
  }),
);
