import { z } from 'zod';
import { ingestFile } from '../src/app/ingest-file.ts';
import { jobType } from './job-type.ts';

/** One arrived file → its rows in the ledger. */
export const ingestFileJob = jobType({
  name: 'ingest-file',
  payload: z.strictObject({ fileId: z.string().regex(/^\d+$/) }),
  // Reading is bound by the CPU: two files at once keep a small one from waiting behind a large one.
  options: { role: 'intake', concurrency: () => 2 },
  process: (ports, job, context) => ingestFile(ports, job.fileId, context.signal),
});
