import { Buffer } from 'node:buffer';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { createKeptFiles } from '../../src/adapters/files/kept-files.ts';
import { openForMigration, type LedgerDatabase } from '../../src/adapters/ledger/database.ts';
import { createErasureLedger } from '../../src/adapters/ledger/erasures.ts';
import { createNightRuns } from '../../src/adapters/ledger/nights.ts';
import { createPersonIndex } from '../../src/adapters/ledger/person-index.ts';
import { cronSchedules } from '../../src/adapters/schedule/cron-schedule.ts';
import type { AcceptPorts } from '../../src/app/accept-file.ts';
import type { ErasingPorts } from '../../src/app/carry-on-erasures.ts';
import { eraseFiles } from '../../src/app/erase-files.ts';
import { beginErasure, eraseRows } from '../../src/app/erase-rows.ts';
import { gatherPerson, type GatheredPerson } from '../../src/app/gather-person.ts';
import { indexAllPersons } from '../../src/app/index-persons.ts';
import { ingestFile, type IngestPorts } from '../../src/app/ingest-file.ts';
import type { LedgerRow, RowState } from '../../src/app/ports/row.ts';
import type { RowChange } from '../../src/app/ports/row-moves.ts';
import { settleFile } from '../../src/app/settle-file.ts';
import type { FileKind } from '../../src/domain/file-life.ts';
import type { Partner } from '../../src/domain/partner.ts';
import { readPersonKeys } from '../../src/domain/person-key.ts';
import { createLedgerDatabase } from '../support/database.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { standsIn, tracesInDatabase } from '../support/traces-in-database.ts';
import { anIntake, type TestIntake } from './an-intake.ts';

export const act = { actor: 'cli:test', reason: 'asked for in ticket 12' };

export interface ErasureWorld {
  readonly intake: TestIntake;
  readonly ports: IngestPorts & ErasingPorts & AcceptPorts;
  readonly url: string;
  /** As the owner of the schema, which nothing else here is: for what a test arranges and a service may not do. */
  readonly owner: LedgerDatabase;
  readonly home: string;
  /** Writes a file, takes it in and reads it to its end; answers its id. */
  read(name: string, lines: readonly string[], kind?: FileKind): Promise<string>;
  /** Writes a file where nobody watches, and answers its path. */
  write(name: string, lines: readonly string[], encoding?: BufferEncoding): Promise<string>;
  rowAt(fileId: string, rowNumber: number): Promise<LedgerRow>;
  /** From where the row is to another state, by way of those that lead there. */
  move(row: LedgerRow, states: readonly RowState[], set?: RowChange): Promise<void>;
  settle(fileId: string): Promise<string>;
  gather(text: string): Promise<GatheredPerson>;
  /** Everything, as the command does it. */
  erase(text: string): Promise<string>;
  carryOn(): Promise<void>;
  /** Where one of these values stands: in raw bytes of the database after a vacuum or of files, or sealed in the ledger. */
  findTraces(values: readonly string[], where?: { readonly raw?: boolean }): Promise<readonly string[]>;
  close(): Promise<void>;
}

/**
 * A ledger, folders and a vault of a test's own, with everything that erasing a person takes. All of it real, and by the
 * rights of a service.
 */
export async function anErasureWorld(
  label: string,
  changes: Partial<Partner> = {},
  now?: () => Date,
): Promise<ErasureWorld> {
  const database = await createLedgerDatabase(label);
  const owner = openForMigration(database.adminUrl);
  const [scratch, sent] = [await scratchFolder(), await scratchFolder()];
  const home = scratch.path;
  const intake = await anIntake(database.url, home, changes, now);
  const { db } = intake;
  const folder = (name: string): string => join(home, name);
  const ports = {
    ...intake.ports,
    clock: {
      monotonicMs: () => performance.now(),
      wallMs: () => Date.now(),
      random: () => 0.5,
      newId: () => crypto.randomUUID(),
    },
    nights: createNightRuns(db),
    schedules: cronSchedules,
    persons: createPersonIndex(db),
    erasures: createErasureLedger(db),
    kept: createKeptFiles(
      { inbox: folder('inbox'), outbox: folder('outbox'), archive: folder('archive'), rejected: folder('rejected') },
      intake.bytes,
    ),
  };
  const signal = new AbortController().signal;

  async function write(name: string, lines: readonly string[], encoding: BufferEncoding = 'utf8'): Promise<string> {
    const path = join(sent.path, name);
    await writeFile(path, Buffer.from([...lines, ''].join('\r\n'), encoding));
    return path;
  }

  async function rowAt(fileId: string, rowNumber: number): Promise<LedgerRow> {
    const rows = await ports.ledger.rows({ fileId, limit: 1_000 });
    const row = rows.find((one) => one.rowNumber === rowNumber);
    if (row === undefined) throw new Error(`file ${fileId} has no row ${rowNumber}`);
    return row;
  }

  async function carryOn(): Promise<void> {
    await eraseRows(ports, 'test');
    await eraseFiles(ports, 'test');
    await ports.erasures.endErasures('test');
  }

  async function gather(text: string): Promise<GatheredPerson> {
    await indexAllPersons(ports, () => undefined);
    return gatherPerson(ports, { keys: readPersonKeys(text), names: [] });
  }

  return {
    intake,
    ports,
    url: database.url,
    owner: owner.db,
    home,
    write,
    rowAt,
    carryOn,
    gather,
    async read(name, lines, kind = 'leads') {
      const fileId = await intake.accept(await write(name, lines), kind);
      const end = await ingestFile(ports, fileId, signal);
      if (end.kind !== 'done' || end.outcome !== 'read') throw new Error(JSON.stringify(end));
      return fileId;
    },
    async move(row, states, set = {}) {
      for (const to of states) {
        const now = await ports.ledger.row(row.id);
        if (now === null) throw new Error(`row ${row.id} is gone`);
        const isIntent = to === 'submitting' || to === 'pushing';
        const moved = await ports.ledger.move({
          rowId: row.id,
          from: [now.state],
          fence: now.fence,
          to,
          newFence: isIntent,
          ...(isIntent ? { begin: { attemptId: crypto.randomUUID(), step: 'create', instance: 'gone' } as const } : {}),
          set: { ...(isIntent ? { holder: 'gone' } : {}), ...(to === states.at(-1) ? set : {}) },
          audit: { action: `row.${to}`, actor: 'test' },
        });
        if (!moved.won) throw new Error(`row ${row.id} to ${to}: ${moved.why}`);
      }
    },
    async settle(fileId) {
      await ports.ledger.sumUp();
      await settleFile(ports, fileId);
      const file = await ports.ledger.file(fileId);
      const [newest] = (await ports.kept.issuedOf('acme', fileId, '')).filter(
        ({ what, version }) => what === 'result' && version === null,
      );
      if (file === null || newest === undefined) throw new Error(`file ${fileId} has no result`);
      return newest.path;
    },
    async erase(text) {
      const id = await beginErasure(ports, await gather(text), act);
      await carryOn();
      return id;
    },
    findTraces: async (values, { raw = true } = {}) => [
      ...(raw ? await tracesInDatabase(owner.db, values) : []),
      ...(await tracesSealed(intake, values)),
      ...(await tracesInFiles(intake, home, values)),
    ],
    async close() {
      await intake.close();
      await owner.close();
      await database.drop();
      await scratch.remove();
      await sent.remove();
    },
  };
}

/** Every sealed value of the ledger, opened. */
async function tracesSealed({ db, ports }: TestIntake, values: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ place: string; keyId: number; sealed: Buffer }>`
    select 'payload of row ' || id as place, key_id as "keyId", payload as sealed from ledger_row where length(payload) > 0
    union all select 'message of row ' || id, key_id, message from ledger_row where message is not null
    union all select 'name of file ' || id, key_id, name from file where length(name) > 0
    union all select 'person of erasure ' || id, key_id, person from erasure where person is not null`.execute(db);
  const found: string[] = [];
  for (const { place, keyId, sealed } of rows) {
    const text = (await ports.vault.keyById(keyId)).open(sealed);
    found.push(...standsIn(Buffer.from(text), values).map((value) => `${value} in ${place}`));
  }
  return found;
}

/** As they lie there, and what is kept sealed opened: that nothing shows from outside proves no erasure. */
async function tracesInFiles({ bytes }: TestIntake, home: string, values: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(home, { recursive: true, withFileTypes: true })) {
    found.push(...standsIn(Buffer.from(entry.name), values).map((value) => `${value} in the name ${entry.name}`));
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const held = new Set(standsIn(await readFile(path), values));
    if (bytes.isSealed(path)) {
      if (held.size > 0) throw new Error(`${path} shows what is sealed in it`);
      const plain = Buffer.concat(await Array.fromAsync(bytes.read(path, 0)));
      for (const value of standsIn(plain, values)) held.add(value);
    }
    found.push(...[...held].map((value) => `${value} in ${path.slice(home.length)}`));
  }
  return found;
}
