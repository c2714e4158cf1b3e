import type { RowKind } from '../domain/file-life.ts';
import { rowJobOf } from './feed-jobs.ts';
import type { Ports } from './ports.ts';

/**
 * Offers rows to the queue, each under the version that it was read with. A row may be worked and fail while it is on its
 * way here; its failed job has the very id of the offer then. Replacing that job would look like a person's retry
 * (retried-job.ts), so the ledger is asked again: a row that has moved on is left alone.
 */
export async function offerRows(
  ports: Pick<Ports, 'queue'> & { readonly ledger: Pick<Ports['ledger'], 'row'> },
  kind: RowKind,
  rows: readonly { readonly id: string; readonly version: number }[],
): Promise<void> {
  await ports.queue.offer(
    rows.map((row) => rowJobOf(kind, row)),
    async (failed) => {
      const now = await Promise.all(failed.map((job) => ports.ledger.row(String(job.payload['rowId']))));
      return failed.filter((job, at) => now[at]?.version === job.payload['version']);
    },
  );
}
