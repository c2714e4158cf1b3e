import { z } from 'zod';
import { ingestFile } from '../src/app/ingest-file.ts';
import type { JobType } from './job-type.ts';

const payload = z.strictObject({ fileId: z.string().regex(/^\d+$/) });

/** One arrived file → its rows in the ledger. */
export const ingestFileJob: JobType<z.infer<typeof payload>> = {
  name: 'ingest-file',
  payload,
  // Reading is bound by the CPU: two files at once keep a small one from waiting behind a large one.
  options: { role: 'intake', concurrency: () => 2 },
  process: (ports, job, context) => ingestFile(ports, job.fileId, context.signal),
};
