import { z } from 'zod';
import { pushStatusUpdate } from '../src/app/push-status-update.ts';
import type { JobType } from './job-type.ts';

const payload = z.strictObject({ rowId: z.string().regex(/^\d+$/), version: z.int().min(0) });

/** One status update → update lead → its outcome in the ledger. */
export const pushStatusJob: JobType<z.infer<typeof payload>> = {
  name: 'push-status',
  payload,
  options: { role: 'worker', concurrency: ({ rowsInProgress }) => rowsInProgress },
  process: (ports, job, context) => pushStatusUpdate(ports, job, context),
};
