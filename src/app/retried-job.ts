import type { Ports } from './ports.ts';
import type { JobContext, JobEnd } from './ports/job-queue.ts';
import type { LedgerRow } from './ports/row.ts';
import { takeBackToWork } from './take-back-to-work.ts';

/**
 * How a job ends whose row needs no work. A row that is failed or in doubt fails its job, so that the queue's own pages
 * show it. When a person retries such a job, a `failed` row (proven not created) is taken back to work by the actor
 * `queue`: null then, the work goes on. For any other state nothing is sent and the job fails again with what to do.
 *
 * A person's retry is told apart from BullMQ's redelivery: it comes under the very job that ended the row, with as many
 * redeliveries as were written down then. With more it is a redelivery, and with fewer one from before the end, whose
 * process had slept: neither is a person.
 */
export async function endRetriedJob(
  ports: Pick<Ports, 'ledger'>,
  row: LedgerRow,
  context: JobContext,
): Promise<JobEnd | null> {
  if (row.state !== 'failed' && row.state !== 'in_doubt') return { kind: 'done', outcome: row.state };

  const retriedByPerson = row.endedJob === context.jobId && context.redeliveries === row.redeliveries;
  if (retriedByPerson && row.state === 'failed') {
    const taken = await takeBackToWork(ports.ledger, row, { actor: 'queue', reason: 'retried in the queue' });
    return taken.won ? null : { kind: 'failed', code: `${row.code ?? 'failed'}: leadsync lead ${row.id}` };
  }
  // Never back to an earlier delivery: a person's retry is compared with the last one.
  if (row.endedJob !== context.jobId || context.redeliveries > row.redeliveries) {
    await ports.ledger.move({
      rowId: row.id,
      from: [row.state],
      fence: row.fence,
      version: row.version,
      to: null,
      set: { endedJob: context.jobId, redeliveries: context.redeliveries },
      audit: null,
    });
  }
  const code = row.code ?? row.state;
  return { kind: 'failed', code: retriedByPerson ? `${code}: leadsync resolve ${row.id}` : code };
}
