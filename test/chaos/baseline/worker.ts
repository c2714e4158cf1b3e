import { Worker } from 'bullmq';
import { request } from 'undici';

/**
 * How a fair user of BullMQ would do it: one job a row under the row's own id, six attempts with a back-off, the check
 * before the create, an answer that is no success thrown so that BullMQ tries again.
 */
const { REDIS_URL = '', LEADS_API_URL: url = '' } = process.env;
const timeoutMs = 2_000;

async function call(path: string, body: object): Promise<Record<string, unknown>> {
  const response = await request(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const answer = (await response.body.json()) as Record<string, unknown>;
  if (response.statusCode !== 200 || answer['status'] === 'KO') throw new Error(`HTTP ${response.statusCode}`);
  return answer;
}

const worker = new Worker(
  'rows',
  async (job: { data: { partnerLeadId: string; nif: string } }) => {
    const { partnerLeadId, nif } = job.data;
    const check = await call('/client-data', { nif });
    if (check['partnerManage'] !== true) throw new Error('not managed');
    const { leadId } = await call('/alta-lead', { partnerLeadId, dni: nif });
    if (typeof leadId !== 'string') throw new Error('no leadId');
    return { leadId };
  },
  // As leadsync's own workers, so that nothing but the ledger differs.
  {
    connection: { url: REDIS_URL, maxRetriesPerRequest: null },
    concurrency: 16,
    lockDuration: 15_000,
    stalledInterval: 5_000,
  },
);
worker.on('error', () => undefined);
process.once('SIGTERM', () => void worker.close().then(() => process.exit(0)));
