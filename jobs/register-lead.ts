import { z } from 'zod';
import { registerLead } from '../src/app/register-lead.ts';
import { jobType } from './job-type.ts';

/** One lead row → client check → alta lead → its outcome in the ledger. */
export const registerLeadJob = jobType({
  name: 'register-lead',
  payload: z.strictObject({ rowId: z.string().regex(/^\d+$/), version: z.int().min(0) }),
  options: { role: 'worker', concurrency: ({ rowsInProgress }) => rowsInProgress },
  process: (ports, job, context) => registerLead(ports, job, context),
});
