import { ingestFileJob } from './ingest-file.ts';
import type { JobType } from './job-type.ts';
import { pushStatusJob } from './push-status.ts';
import { registerLeadJob } from './register-lead.ts';
import { settleFileJob } from './settle-file.ts';

/** The only list of what runs in the queue. */
export const jobTypes: readonly JobType[] = [ingestFileJob, registerLeadJob, pushStatusJob, settleFileJob];
