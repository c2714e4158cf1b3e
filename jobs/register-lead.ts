import { z } from 'zod';
import { registerLead } from '../src/app/register-lead.ts';
import type { JobType } from './job-type.ts';

const payload = z.strictObject({ rowId: z.string().regex(/^\d+$/), version: z.int().min(0) });

/** One lead row → client check → alta lead → its outcome in the ledger. */
export const registerLeadJob: JobType<z.infer<typeof payload>> = {
  name: 'register-lead',
  payload,
  options: { role: 'worker', concurrency: ({ rowsInProgress }) => rowsInProgress },
  process: (ports, job, context) => registerLead(ports, job, context),
};
