import { personKeysOf, type PersonValues } from '../domain/person-key.ts';
import { tagPerson } from './keyed-hashes.ts';
import { isTaken } from './row-payload.ts';
import type { Clock } from './ports.ts';
import type { Log } from './ports/log.ts';
import type { PersonIndex, PersonTag, RowsToIndex } from './ports/person-index.ts';
import type { DataKey, Vault } from './ports/vault.ts';

export interface IndexPorts {
  readonly persons: Pick<PersonIndex, 'nextToIndex' | 'writeTags'>;
  readonly vault: Vault;
  readonly log: Pick<Log, 'event'>;
}

/** Opened in one go, so few enough for the process to answer others in between. */
const batchRows = 500;
const turnMs = 100;
/** It rests so many times as long as it took: a tenth of a process at most, and next to nothing while a file is read. */
const restFactor = 9;
const restFactorWhileReading = 49;

/** A duty of the leader: puts what has been read into the index of persons, a little at a time. */
export function createPersonIndexing(ports: IndexPorts, clock: Pick<Clock, 'monotonicMs'>): { tick(): Promise<void> } {
  let restsUntil = -Infinity;
  return {
    async tick() {
      const started = clock.monotonicMs();
      if (started < restsUntil) return;
      let isReading = false;
      try {
        for (let goesOn = true; goesOn;) {
          const batch = await ports.persons.nextToIndex(batchRows);
          if (batch === null) return;
          ({ isReading } = batch);
          await indexBatch(ports, batch);
          goesOn = clock.monotonicMs() - started < turnMs;
        }
      } finally {
        const ended = clock.monotonicMs();
        restsUntil = ended + (ended - started) * (isReading ? restFactorWhileReading : restFactor);
      }
    },
  };
}

/** Puts everything into the index that is not, for whoever must not miss a row. */
export async function indexAllPersons(ports: IndexPorts, done: (rows: number) => void): Promise<void> {
  for (;;) {
    const batch = await ports.persons.nextToIndex(batchRows);
    if (batch === null) return;
    await indexBatch(ports, batch);
    done(batch.rows.length);
  }
}

async function indexBatch({ persons, vault, log }: IndexPorts, batch: RowsToIndex): Promise<void> {
  const keys = new Map<number, DataKey>();
  const rows = batch.rows.filter((row) => !isTaken(row));
  for (const keyId of new Set(rows.map((row) => row.keyId))) keys.set(keyId, await vault.keyById(keyId));
  const unreadable: string[] = [];
  const tags = rows.flatMap((row) => {
    try {
      return tagsOf(vault, keys.get(row.keyId), row);
    } catch {
      // Somebody has changed it behind our back: no reason to find nobody else any more.
      unreadable.push(row.id);
      return [];
    }
  });
  const [rowId] = unreadable;
  if (rowId !== undefined) log.event('rowsUnreadable', { rows: unreadable.length, rowId });
  await persons.writeTags(batch, tags);
}

function tagsOf(vault: Vault, key: DataKey | undefined, row: RowsToIndex['rows'][number]): readonly PersonTag[] {
  if (key === undefined) return [];
  const values = JSON.parse(key.open(row.payload)) as PersonValues;
  return personKeysOf(values).map((personKey) => ({ tag: tagPerson(vault, personKey), rowId: row.id }));
}
