import { personKeysOf, type PersonValues } from '../domain/person-key.ts';
import { erasureBy } from '../domain/suppression.ts';
import { tagPerson } from './keyed-hashes.ts';
import type { Ports } from './ports.ts';
import type { SuppressionList } from './ports/suppressions.ts';
import type { LedgerRow } from './ports/row.ts';
import type { Vault } from './ports/vault.ts';
import { openPerson } from './row-payload.ts';

/** The erasure by which nothing of this person is sent. Null: there is none. Costs nothing while nobody is on the list. */
export function suppressedBy(
  vault: Vault,
  { byTag, isAnyEvenWithNif }: SuppressionList,
  person: PersonValues,
): string | null {
  if (byTag.size === 0) return null;
  return erasureBy(personKeysOf(person), (key) => byTag.get(tagPerson(vault, key)) ?? [], isAnyEvenWithNif);
}

/**
 * Looks at a row before a call of it: it may have been read before its person came on the list. Such a row is left to be
 * erased, which also keeps every other process from calling. True: nothing may be sent.
 */
export async function leaveIfSuppressed(
  { suppressions, vault }: Pick<Ports, 'suppressions' | 'vault'>,
  row: LedgerRow,
): Promise<boolean> {
  if ((row.suppressions ?? 0) === 0) return false;
  const erasure = suppressedBy(vault, await suppressions.read(row.suppressions), await openPerson(vault, row));
  if (erasure === null) return false;
  await suppressions.leaveRow(row.id, erasure);
  return true;
}
