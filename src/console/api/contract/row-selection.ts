import { z } from 'zod';
import { rowFilterShape } from './query.ts';
import { named } from './schemas.ts';
import { ledgerId } from './values.ts';

/** Of which rows something is done: by the filters of listings, or one row. */
export const rowSelection = named(
  'RowSelection',
  z
    .strictObject({ ...rowFilterShape, row: ledgerId.optional() })
    .refine((given) => Object.values(given).some((value) => value !== undefined), {
      error: 'something of it has to be said: everything is more than anybody means',
    }),
);

export const selectionWanted = named('SelectionWanted', z.strictObject({ filter: rowSelection }));

/** Of a preview, to be sent along. */
export const seenRows = z
  .string()
  .max(64)
  .meta({ description: 'Of the preview: other rows than were shown are refused.' });
