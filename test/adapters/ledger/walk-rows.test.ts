import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWalkRows } from '../../../src/adapters/ledger/walk-rows.ts';
import type { LedgerPages, WalkFilter } from '../../../src/app/ports/ledger-pages.ts';
import type { LedgerFile, NewFile, NewRow } from '../../../src/app/ports/ledger.ts';
import { actor, aLedger, moveOf, register, type TestLedger } from './a-ledger.ts';

let the: TestLedger;
let walkRows: LedgerPages['walkRows'];
/** As they came: leads of acme, leads of brisa, a mixed file of acme. */
let files: readonly LedgerFile[];

async function read(over: Partial<NewFile>, rows: readonly NewRow[], lastRow: number): Promise<LedgerFile> {
  const file = await the.reading(over.kind ?? 'leads', over);
  await the.ledger.insertRows(file, rows, lastRow, actor);
  await the.ledger.finishReading(file.id, actor);
  return file;
}

beforeAll(async () => {
  the = await aLedger('walk rows');
  walkRows = createWalkRows(the.db);
  const unusable = { state: 'rejected', code: 'ROW_NIF_INVALID', identity: null } as const;
  const first = await read({}, [the.newRow(2), the.newRow(3, unusable), the.newRow(4), the.newRow(7)], 7);
  const second = await read({ partner: 'brisa' }, [the.newRow(2, unusable), the.newRow(3)], 3);
  const mixed = await read(
    { kind: 'mixed', night: '2026-11-24' },
    [
      the.newRow(2, { kind: 'lead' }),
      the.newRow(2, { kind: 'update', identity: randomUUID(), leadId: 'L-9' }),
      the.newRow(3, { kind: 'lead', ...unusable, code: 'ROW_NIF_MISSING' }),
    ],
    3,
  );
  files = [first, second, mixed];
  const lead = await register(the.ledger, await the.rowOf(first, 2), 'L-1');
  await the.ledger.move(moveOf(await the.rowOf(first, 4), 'failed', { set: { code: 'API_KO' } }));
  for (let byHand = 0; byHand < 2; byHand += 1) {
    const { rowNumber: _rowNumber, ...update } = the.newRow(0, { identity: null });
    await the.ledger.enterUpdate('acme', { ...update, leadRow: lead.id }, actor);
  }
});
afterAll(() => the.close());

/** Every page of a walk, `limit` rows each. */
async function walked(filter: WalkFilter, limit: number): Promise<readonly string[]> {
  const places: string[] = [];
  let after: string | null = null;
  for (let pages = 0; pages < 50; pages += 1) {
    const page = await walkRows(filter, after, limit);
    expect(page.rows.length).toBeLessThanOrEqual(limit);
    expect(page.lookedAt).toBeNull();
    places.push(
      ...page.rows.map(({ fileId, rowNumber, kind }) =>
        fileId === null ? 'by hand' : `${nameOf(fileId)}:${rowNumber}${kind.charAt(0)}`,
      ),
    );
    if (page.next === null) return places;
    after = page.next;
  }
  throw new Error('the walk does not end');
}

const nameOf = (fileId: string): string =>
  ['acme', 'brisa', 'mixed'][files.findIndex(({ id }) => id === fileId)] ?? '?';

const everything = [
  'by hand',
  'by hand',
  'mixed:2l',
  'mixed:2u',
  'mixed:3l',
  'brisa:2l',
  'brisa:3l',
  'acme:2l',
  'acme:3l',
  'acme:4l',
  'acme:7l',
];

describe('a walk over rows', () => {
  it.each([1, 2, 3, 4, 10, 11, 50])(
    'goes over each row once, those of no file first, then the newest file, with pages of %i',
    async (limit) => {
      expect(await walked({}, limit)).toEqual(everything);
    },
  );

  const filters: readonly (readonly [WalkFilter, readonly string[]])[] = [
    [{ partner: 'brisa' }, ['brisa:2l', 'brisa:3l']],
    [{ partner: 'acme', kind: 'update' }, ['by hand', 'by hand', 'mixed:2u']],
    [{ state: 'rejected' }, ['mixed:3l', 'brisa:2l', 'acme:3l']],
    [{ state: 'rejected', code: 'ROW_NIF_INVALID' }, ['brisa:2l', 'acme:3l']],
    [{ code: 'ROW_NIF_MISSING' }, ['mixed:3l']],
    [{ state: 'failed' }, ['acme:4l']],
    [{ state: 'registered', kind: 'lead' }, ['acme:2l']],
    [{ state: 'in_doubt' }, []],
    [{ night: '2026-11-24' }, ['mixed:2l', 'mixed:2u', 'mixed:3l']],
    [{ night: '2026-11-24', kind: 'lead', state: 'rejected' }, ['mixed:3l']],
    [{ night: '2026-11-23' }, []],
    [{ partner: 'nobody' }, []],
    [{ until: new Date(0) }, []],
    [{ since: new Date(Date.now() + 3_600_000) }, []],
    [{ since: new Date(0), until: new Date(Date.now() + 3_600_000) }, everything],
  ];
  it.each(filters)('finds the rows that fit %j, whatever the pages', async (filter, places) => {
    for (const limit of [1, 2, 50]) expect(await walked(filter, limit)).toEqual(places);
  });

  it('of one file goes in its order, and not into the others', async () => {
    const [first] = files;
    for (const limit of [1, 3, 50])
      expect(await walked({ fileId: first?.id ?? '' }, limit)).toEqual(['acme:2l', 'acme:3l', 'acme:4l', 'acme:7l']);
    expect(await walked({ fileId: first?.id ?? '', state: 'rejected' }, 1)).toEqual(['acme:3l']);
  });

  it('behind a row that there is not begins anew', async () => {
    expect((await walkRows({}, '999999', 50)).rows).toHaveLength(everything.length);
  });

  it('sees a move that the leader has not summed up yet', async () => {
    const [, second] = files;
    if (second === undefined) throw new Error('unreachable');
    await the.ledger.sumUp();
    expect(await walked({ partner: 'brisa', state: 'cancelled' }, 50)).toEqual([]);
    await the.ledger.move(moveOf(await the.rowOf(second, 3), 'cancelled'));
    expect(await walked({ partner: 'brisa', state: 'cancelled' }, 50)).toEqual(['brisa:3l']);
    await the.ledger.sumUp();
    expect(await walked({ partner: 'brisa', state: 'cancelled' }, 50)).toEqual(['brisa:3l']);
  });
});

describe('a walk that finds too little', () => {
  const rows = 45_000;
  let large: LedgerFile;
  beforeAll(async () => {
    // A row every 15,000 is what is looked for.
    large = await the.reading('leads', { partner: 'grande' });
    await sql`insert into ledger_row (kind, partner, file_id, row_number, state, code, identity, key_id, payload)
      select 'lead', 'grande', ${large.id}, n + 1, 'received', case when n % 15000 = 0 then 'API_KO' end, gen_random_uuid(), ${large.keyId}, ''
      from generate_series(1, ${rows}::int) as n`.execute(the.db);
    await sql`insert into file_count (file_id, kind, state, n, moves) values (${large.id}, 'lead', 'received', ${rows}, 0)`.execute(
      the.db,
    );
    await sql`analyze ledger_row`.execute(the.db);
  });

  it('stops after so many rows, says so, and goes on from there without a row lost', async () => {
    const found: (number | null)[] = [];
    let after: string | null = null;
    let pages = 0;
    do {
      const page = await walkRows({ partner: 'grande', code: 'API_KO' }, after, 50);
      found.push(...page.rows.map(({ rowNumber }) => rowNumber));
      expect(page.lookedAt).toBe(page.next === null ? null : 20_000);
      after = page.next;
      pages += 1;
    } while (after !== null);
    expect(found).toEqual([15_001, 30_001, 45_001]);
    expect(pages).toBe(3);
  });

  it('does not read more rows than that', async () => {
    const before = await readSoFar();
    await walkRows({ partner: 'grande', code: 'API_UNREACHABLE' }, null, 50);
    // Twice: for the rows, and for where the walk ended.
    expect((await readSoFar()) - before).toBeLessThan(41_000);
  });

  /** Entries of the index of a file's rows that were looked at. */
  async function readSoFar(): Promise<number> {
    await sql`select pg_stat_force_next_flush()`.execute(the.db);
    const { rows: found } = await sql<{ n: string }>`select sum(idx_tup_read) as n from pg_stat_user_indexes
      where indexrelname in ('row_of_file', 'row_apart_of_file')`.execute(the.db);
    return Number(found[0]?.n ?? 0);
  }
});
