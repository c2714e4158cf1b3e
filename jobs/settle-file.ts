import { z } from 'zod';
import { settleFile } from '../src/app/settle-file.ts';
import { jobType } from './job-type.ts';

/** One file whose rows have all ended → its result file, manifest and `settled`. */
export const settleFileJob = jobType({
  name: 'settle-file',
  payload: z.strictObject({ fileId: z.string().regex(/^\d+$/) }),
  // Each holds one connection and a snapshot while it writes.
  options: { role: 'intake', concurrency: () => 1 },
  process: (ports, job) => settleFile(ports, job.fileId),
});
