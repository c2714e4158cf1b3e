import pRetry from 'p-retry';

/** Does it again while the database is being started again: somebody may kill it to see what happens. */
export function patiently<T>(work: () => Promise<T>): Promise<T> {
  return pRetry(work, { retries: 30, minTimeout: 300, factor: 1 });
}
