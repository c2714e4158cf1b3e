import { isSameKey, personKeysOf, type PersonKey } from '../domain/person-key.ts';
import { tagPerson } from './keyed-hashes.ts';
import type { RowFilter } from './ports/ledger.ts';
import type { PersonIndex } from './ports/person-index.ts';
import type { LedgerRow } from './ports/row.ts';
import type { Vault } from './ports/vault.ts';
import { openPerson } from './row-payload.ts';

interface FindPorts {
  readonly persons: PersonIndex;
  readonly vault: Vault;
}

export interface FoundPerson {
  /** Newest first. */
  readonly rows: readonly LedgerRow[];
  /** So many rows, about, could not be looked at: they are not in the index yet. */
  readonly unseen: number;
}

/** Opened one by one in a few seconds. The index is further behind only while very large files are being read. */
const rowsOpened = 200_000;

/**
 * Rows of whoever has one of these keys, by the index; those that are not in it yet are opened and looked at, so that
 * nobody is missed for having come a moment ago. What the index names is opened, too: it may be another person's.
 */
export async function findPerson(
  { persons, vault }: FindPorts,
  keys: readonly PersonKey[],
  filter: RowFilter,
): Promise<FoundPerson> {
  const found = new Map<string, LedgerRow>();
  const look = async (rows: readonly LedgerRow[]): Promise<void> => {
    for (const row of rows) if (await isOf(vault, row, keys)) found.set(row.id, row);
  };

  // First what is not in the index: what goes into it meanwhile is found there.
  let opened = 0;
  for await (const rows of persons.unindexedRows(filter)) {
    await look(rows);
    opened += rows.length;
    if (opened >= rowsOpened) break;
  }
  const tags = keys.map((key) => tagPerson(vault, key));
  let page = filter;
  for (;;) {
    const rows = await persons.taggedRows(tags, page);
    await look(rows);
    const last = rows.at(-1);
    if (last === undefined || rows.length < page.limit || found.size >= filter.limit) break;
    page = { ...filter, belowId: last.id };
  }
  const newest = [...found.values()].toSorted((one, other) => Number(BigInt(other.id) - BigInt(one.id)));
  return {
    rows: newest.slice(0, filter.limit),
    unseen: opened < rowsOpened ? 0 : Math.max(0, (await persons.countUnindexed()) - opened),
  };
}

async function isOf(vault: Vault, row: LedgerRow, keys: readonly PersonKey[]): Promise<boolean> {
  const own = personKeysOf(await openPerson(vault, row));
  return own.some((one) => keys.some((wanted) => isSameKey(one, wanted)));
}
