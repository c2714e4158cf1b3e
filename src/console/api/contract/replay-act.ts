import { z } from 'zod';
import { actBody } from './act.ts';
import { rowSelection, seenRows } from './row-selection.ts';

export const replayBody = actBody('BeginReplay', {
  filter: rowSelection,
  seen: seenRows,
  rate: z.int().min(1).max(10_000).optional().meta({ description: 'Rows a second. Defaults to the rate of calls.' }),
});
