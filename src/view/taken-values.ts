import type { LedgerRow } from '../app/ports/row.ts';
import { erasureOfPerson, withheldOf } from '../domain/retention.ts';

/** Why a row says nothing of its person any more. Null: it does. */
export function sayTakenValues(row: Pick<LedgerRow, 'erasure'>): string | null {
  switch (withheldOf(row)) {
    case 'blocked':
      return 'ROW_BLOCKED: their time is over; they are blocked, and then destroyed';
    case 'destroyed':
      return 'ROW_RETIRED: their time is over; they are gone';
    case null: {
      const erasure = erasureOfPerson(row);
      return erasure === null ? null : `erased by erasure ${erasure}: they are gone`;
    }
  }
}
