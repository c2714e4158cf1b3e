import { z } from 'zod';
import { actBody } from './act.ts';
import { rowSelection, seenRows } from './row-selection.ts';
import { named } from './schemas.ts';
import { count, faultCode, rowKind, rowState } from './values.ts';

const groups = z.array(
  z.object({
    partner: z.string(),
    kind: rowKind,
    state: rowState,
    code: faultCode.nullable(),
    canBeCancelled: z.boolean(),
    n: count,
  }),
);

/** As `leadsync cancel --json`. */
export const cancelPreview = named('CancelPreview', z.object({ cancelled: z.null(), groups, seen: seenRows }));
export const rowsCancelled = named('RowsCancelled', z.object({ cancelled: count, groups }));
export const cancelBody = actBody('CancelRows', { filter: rowSelection, seen: seenRows });
