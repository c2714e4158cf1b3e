import { z } from 'zod';
import { named } from './schemas.ts';
import { ledgerId, rowKind } from './values.ts';

export const revealed = named(
  'Revealed',
  z.object({
    id: ledgerId,
    kind: rowKind,
    partner: z.string(),
    values: z.record(z.string(), z.string().nullable()).meta({ description: 'As the partner sent them. Personal.' }),
  }),
);
