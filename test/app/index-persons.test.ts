import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { createPersonIndexing, indexAllPersons } from '../../src/app/index-persons.ts';
import { tagPerson } from '../../src/app/keyed-hashes.ts';
import { plainKey } from '../../src/app/plain-key.ts';
import type { LogEvents } from '../../src/app/ports/log.ts';
import type { PersonTag, RowsToIndex } from '../../src/app/ports/person-index.ts';
import type { Vault } from '../../src/app/ports/vault.ts';

const vault: Vault = {
  keyFor: async () => plainKey,
  keyById: async () => plainKey,
  mac: (_purpose, text) =>
    `${Buffer.from(text).toString('hex').padEnd(16, '0').slice(0, 8)}-0000-0000-0000-000000000000`,
};

/** So many rows that are not in the index, of which each batch takes `batchMs`; the clock moves by that alone. */
function anIndexing(rows: number, { isReading = false, batchMs = 40 } = {}) {
  let [now, left] = [0, rows];
  const written: PersonTag[] = [];
  const events: [string, unknown][] = [];
  const persons = {
    nextToIndex: async (limit: number): Promise<RowsToIndex | null> => {
      if (left === 0) return null;
      const n = Math.min(left, limit);
      left -= n;
      now += batchMs;
      const payload = plainKey.seal(JSON.stringify({ fields: { dni: '12345678Z' }, partnerLeadId: null }));
      return {
        rows: Array.from({ length: n }, (_, at) => ({ id: String(at), keyId: 1, payload })),
        from: null,
        isReading,
      };
    },
    writeTags: async (_batch: RowsToIndex, tags: readonly PersonTag[]) => written.push(...tags) > 0,
  };
  const log = { event: (name: string, fields: LogEvents[keyof LogEvents]) => void events.push([name, fields]) };
  const ports = { persons, vault, log };
  const clock = { monotonicMs: () => now };
  return { ports, indexing: createPersonIndexing(ports, clock), written, events, wait: (ms: number) => (now += ms) };
}

it('takes a tenth of a process: a turn of some batches, and a rest nine times as long', async () => {
  const { indexing, written, wait } = anIndexing(1_000_000);
  await indexing.tick();
  expect(written).toHaveLength(1_500);
  wait(9 * 120 - 1);
  await indexing.tick();
  expect(written).toHaveLength(1_500);
  wait(1);
  await indexing.tick();
  expect(written).toHaveLength(3_000);
});

it('rests five times longer still while a file is being read', async () => {
  const { indexing, written, wait } = anIndexing(1_000_000, { isReading: true });
  await indexing.tick();
  wait(49 * 120 - 1);
  await indexing.tick();
  expect(written).toHaveLength(1_500);
});

it('rests after a failure, too: a ledger that is away is not asked twice a second', async () => {
  const { ports } = anIndexing(10);
  let [now, asked] = [0, 0];
  const persons = {
    ...ports.persons,
    nextToIndex: async () => {
      [now, asked] = [now + 1_000, asked + 1];
      throw new Error('the ledger is away');
    },
  };
  const indexing = createPersonIndexing({ ...ports, persons }, { monotonicMs: () => now });
  await expect(indexing.tick()).rejects.toThrow('the ledger is away');
  await indexing.tick();
  expect(asked).toBe(1);
});

it('takes everything at once for whoever must not miss a row', async () => {
  const { ports, written } = anIndexing(1_234);
  let rows = 0;
  await indexAllPersons(ports, (n) => (rows += n));
  expect([rows, written.length]).toEqual([1_234, 1_234]);
});

it('passes over a row that does not open, and says so', async () => {
  const { ports, written, events } = anIndexing(3);
  const key = { ...plainKey, open: (sealed: Uint8Array) => (broken-- === 2 ? fail() : plainKey.open(sealed)) };
  let broken = 3;
  await indexAllPersons({ ...ports, vault: { ...vault, keyById: async () => key } }, () => undefined);
  expect(written.map(({ rowId }) => rowId)).toEqual(['0', '2']);
  expect(events).toEqual([['rowsUnreadable', { rows: 1, rowId: '1' }]]);
});

function fail(): never {
  throw new Error('changed behind our back');
}

it('tags with 64 bits that PostgreSQL takes as a number', () => {
  const of = (mac: string) => tagPerson({ ...vault, mac: () => mac }, { kind: 'nif', value: '12345678Z' });
  expect(of('00000000-0000-0001-ffff-ffffffffffff')).toBe('1');
  expect(of('ffffffff-ffff-ffff-0000-000000000000')).toBe('-1');
  expect(of('80000000-0000-0000-0000-000000000000')).toBe('-9223372036854775808');
  expect(of(randomUUID())).toMatch(/^-?\d+$/);
});
