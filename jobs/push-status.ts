import { z } from 'zod';
import { pushStatusUpdate } from '../src/app/push-status-update.ts';
import { jobType } from './job-type.ts';

/** One status update → update lead → its outcome in the ledger. */
export const pushStatusJob = jobType({
  name: 'push-status',
  payload: z.strictObject({ rowId: z.string().regex(/^\d+$/), version: z.int().min(0) }),
  options: { role: 'worker', concurrency: ({ rowsInProgress }) => rowsInProgress },
  process: (ports, job, context) => pushStatusUpdate(ports, job, context),
});
