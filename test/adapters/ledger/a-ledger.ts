import { createHash, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { type LedgerDatabase, openDatabase, openForMigration } from '../../../src/adapters/ledger/database.ts';
import { createKeyStore } from '../../../src/adapters/ledger/key-store.ts';
import { createLedger } from '../../../src/adapters/ledger/ledger.ts';
import type { Ledger, LedgerFile, NewFile, NewRow } from '../../../src/app/ports/ledger.ts';
import type { RowMove } from '../../../src/app/ports/row-moves.ts';
import type { LedgerRow } from '../../../src/app/ports/row.ts';
import { createLedgerDatabase } from '../../support/database.ts';

export const partner = 'acme';
export const actor = 'test';

export interface TestLedger {
  readonly url: string;
  /** For the owner of its schema; `url` is for the role that a service works as. */
  readonly adminUrl: string;
  readonly db: LedgerDatabase;
  /** As the owner: for what a test arranges and a service may not do. */
  readonly owner: LedgerDatabase;
  readonly ledger: Ledger;
  /** The same ledger from another process: pool and group commit of its own. */
  readonly other: Ledger;
  /** A file that is being read. */
  reading(kind?: NewFile['kind'], over?: Partial<NewFile>): Promise<LedgerFile>;
  newFile(over?: Partial<NewFile>): NewFile;
  newRow(rowNumber: number, over?: Partial<NewRow>): NewRow;
  rowOf(file: LedgerFile, rowNumber: number): Promise<LedgerRow>;
  rowsOf(file: LedgerFile): Promise<readonly LedgerRow[]>;
  /** What was audited of a file itself, oldest first. */
  fileEvents(file: LedgerFile): Promise<readonly FileEvent[]>;
  count(table: string): Promise<number>;
  close(): Promise<void>;
}

export interface FileEvent {
  readonly action: string;
  readonly actor: string;
  readonly to: string | null;
  readonly code: string | null;
  readonly reason: string | null;
}

/** An empty ledger in a database of its own. */
export async function aLedger(label: string): Promise<TestLedger> {
  const database = await createLedgerDatabase(label);
  const [mine, theirs] = [openDatabase(database.url), openDatabase(database.url)];
  const owner = openForMigration(database.adminUrl);
  const { db, planned } = mine;
  const ledger = createLedger(db, planned);
  const made = { purpose: 'data', partner, month: '2026-11', wrapped: Buffer.from('key') } as const;
  const key = await createKeyStore(db).add(made, 'a secret');
  if (key === 'rotated') throw new Error('a new ledger has rotated keys');

  const newFile: TestLedger['newFile'] = (over = {}) => ({
    partner,
    kind: 'leads',
    keyId: key.id,
    name: Buffer.from('sealed name'),
    sha256: createHash('sha256').update(randomUUID()).digest('hex'),
    bytes: 100,
    configVersion: 'v1',
    dueAt: null,
    again: false,
    actor,
    ...over,
  });
  async function rowsOf(file: LedgerFile): Promise<readonly LedgerRow[]> {
    const rows = await ledger.rows({ fileId: file.id, limit: 100_000 });
    return rows.toSorted((one, two) => (one.rowNumber ?? 0) - (two.rowNumber ?? 0));
  }

  return {
    url: database.url,
    adminUrl: database.adminUrl,
    db,
    owner: owner.db,
    ledger,
    other: createLedger(theirs.db, theirs.planned),
    newFile,
    newRow: (rowNumber, over = {}) => ({
      rowNumber,
      state: 'received',
      code: null,
      problems: [],
      warnings: [],
      keyId: key.id,
      payload: Buffer.from(`sealed ${rowNumber}`),
      identity: randomUUID(),
      content: hash(`content ${rowNumber}`),
      partnerLeadId: null,
      orderKey: null,
      leadId: null,
      isFinal: false,
      ...over,
    }),
    async reading(kind = 'leads', over = {}) {
      const { file } = await ledger.acceptFile(newFile({ kind, ...over }));
      const started = await ledger.startReading(file.id, actor);
      if (started === null) throw new Error('the file cannot be read');
      return started;
    },
    rowsOf,
    async rowOf(file, rowNumber) {
      const found = (await rowsOf(file)).find((row) => row.rowNumber === rowNumber);
      if (found === undefined) throw new Error(`no row ${rowNumber}`);
      return found;
    },
    async fileEvents({ id }) {
      const { rows } = await sql<FileEvent>`select action, actor, to_state as "to", code, reason from audit_event
        where file_id = ${id} and row_id is null order by seq`.execute(db);
      return rows;
    },
    async count(table) {
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(db);
      return rows[0]?.n ?? 0;
    },
    async close() {
      await Promise.all([mine.close(), theirs.close(), owner.close()]);
      await database.drop();
    },
  };
}

/** A stand-in for the vault's keyed hashes: equal texts, equal hashes. */
export function hash(text: string): string {
  return createHash('md5')
    .update(text)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** A move of `row` as it was read. */
export function moveOf(row: LedgerRow, to: RowMove['to'], over: Partial<RowMove> = {}): RowMove {
  return {
    rowId: row.id,
    from: [row.state],
    fence: row.fence,
    version: row.version,
    to,
    audit: { action: 'row.tested', actor },
    ...over,
  };
}

export async function mustRow(ledger: Ledger, id: string): Promise<LedgerRow> {
  const row = await ledger.row(id);
  if (row === null) throw new Error(`no row ${id}`);
  return row;
}

/** received → checked → submitting → registered. Answers the row as it then is. */
export async function register(ledger: Ledger, row: LedgerRow, leadId: string): Promise<LedgerRow> {
  const announced = await announce(ledger, row);
  const won = await ledger.move(moveOf(announced, 'registered', { set: { leadId, step: null } }));
  if (!won.won) throw new Error(`not registered: ${won.why}`);
  return mustRow(ledger, row.id);
}

/** received → checked → submitting, held by `holder`. */
export async function announce(ledger: Ledger, row: LedgerRow, holder = 'worker-1'): Promise<LedgerRow> {
  await ledger.move(moveOf(row, 'checked', { set: { checkedNow: true }, dueInMs: 0 }));
  const begin = { attemptId: randomUUID(), step: 'create', instance: holder } as const;
  const checked = await mustRow(ledger, row.id);
  const won = await ledger.move(moveOf(checked, 'submitting', { newFence: true, set: { holder }, begin }));
  if (!won.won) throw new Error(`not announced: ${won.why}`);
  return mustRow(ledger, row.id);
}

/** An update → pushing → pushed. */
export async function push(ledger: Ledger, row: LedgerRow, leadRow: string): Promise<LedgerRow> {
  const begin = { attemptId: randomUUID(), step: 'push', instance: 'worker-1' } as const;
  await ledger.move(moveOf(row, 'pushing', { newFence: true, set: { holder: 'worker-1', leadRow }, begin }));
  const won = await ledger.move(moveOf(await mustRow(ledger, row.id), 'pushed', { set: { step: null, code: null } }));
  if (!won.won) throw new Error(`not pushed: ${won.why}`);
  return mustRow(ledger, row.id);
}
