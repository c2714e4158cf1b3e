import { Worker } from 'bullmq';
import pg from 'pg';
import { Pool } from 'undici';

/**
 * How a fair user of BullMQ and PostgreSQL would do it: one job a row, the check before the create, and a statement for each
 * step: the row is loaded, the answer of the check is kept, the create is announced, its leadId is kept. A process of its
 * own, as leadsync's worker is.
 */
const { REDIS_URL = '', DATABASE_URL = '', LEADS_API_URL = '', CONCURRENCY = '1' } = process.env;
const concurrency = Number(CONCURRENCY);
const api = new Pool(LEADS_API_URL, { connections: concurrency, allowH2: false, pipelining: 1 });
const database = new pg.Pool({ connectionString: DATABASE_URL, max: 10 });

async function call(path: string, body: object): Promise<Record<string, unknown>> {
  const answer = await api.request({
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (answer.statusCode !== 200) throw new Error(`HTTP ${answer.statusCode}`);
  return (await answer.body.json()) as Record<string, unknown>;
}

const worker = new Worker(
  'plain',
  async (job: { data: { id: number } }) => {
    const { id } = job.data;
    const found = await database.query<{ own_id: string; nif: string }>('select own_id, nif from plain where id = $1', [
      id,
    ]);
    const row = found.rows[0];
    if (row === undefined) throw new Error('no row');
    const check = await call('/client-data', { nif: row.nif });
    await database.query(`update plain set state = 'checked', answer = $2 where id = $1`, [id, JSON.stringify(check)]);
    await database.query(`update plain set state = 'submitting', sent_at = now() where id = $1`, [id]);
    const { leadId } = await call('/alta-lead', {
      partnerLeadId: row.own_id,
      dni: row.nif,
      agenteId: check['agentId'],
    });
    await database.query(`update plain set state = 'registered', lead_id = $2 where id = $1`, [id, leadId]);
  },
  { connection: { url: REDIS_URL, maxRetriesPerRequest: null }, concurrency, removeOnComplete: { count: 0 } },
);
worker.on('error', () => undefined);
await worker.waitUntilReady();
process.send?.('ready');
process.once('SIGTERM', () => {
  void worker
    .close()
    .then(() => Promise.all([database.end(), api.close()]))
    .then(() => process.exit(0));
});
