import type { LedgerRow } from './ports/row.ts';

/** It waits to be sent again under its own key: a request of it may have been carried out already. */
export function isRepeat(row: Pick<LedgerRow, 'code'>): boolean {
  return row.code === 'API_NO_ANSWER';
}
