import { z } from 'zod';
import { actBody } from './act.ts';
import { rowFilterShape } from './query.ts';
import { named } from './schemas.ts';
import { ledgerId } from './values.ts';

const filter = named(
  'ReplayFilter',
  z
    .strictObject({ ...rowFilterShape, row: ledgerId.optional() })
    .refine((given) => Object.values(given).some((value) => value !== undefined), {
      error: 'something of it has to be said: everything is more than anybody means',
    }),
);

export const replayWanted = named('ReplayWanted', z.strictObject({ filter }));

export const replayBody = actBody('BeginReplay', {
  filter,
  seen: z.string().max(64).meta({ description: 'Of the preview: other rows than were shown are refused.' }),
  rate: z.int().min(1).max(10_000).optional().meta({ description: 'Rows a second. Defaults to the rate of calls.' }),
});
