import { z } from 'zod';
import { settleFile } from '../src/app/settle-file.ts';
import type { JobType } from './job-type.ts';

const payload = z.strictObject({ fileId: z.string().regex(/^\d+$/) });

/** One file whose rows have all ended → its result file, manifest and `settled`. */
export const settleFileJob: JobType<z.infer<typeof payload>> = {
  name: 'settle-file',
  payload,
  // Each holds one connection and a snapshot while it writes.
  options: { role: 'intake', concurrency: () => 1 },
  process: (ports, job) => settleFile(ports, job.fileId),
};
