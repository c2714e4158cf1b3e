import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createVault } from '../src/adapters/crypto/vault.ts';
import { openDatabase } from '../src/adapters/ledger/database.ts';
import { createKeyStore } from '../src/adapters/ledger/key-store.ts';
import { createLedger } from '../src/adapters/ledger/ledger.ts';
import { migrateLedger } from '../src/adapters/ledger/migrate.ts';
import { createPersonIndex } from '../src/adapters/ledger/person-index.ts';
import { joinEmbeddedDatabase } from '../src/adapters/postgres/embedded-database.ts';
import { findPerson } from '../src/app/find-person.ts';
import { indexAllPersons } from '../src/app/index-persons.ts';
import type { NewRow } from '../src/app/ports/ledger.ts';
import { readPersonKeys } from '../src/domain/person-key.ts';

/**
 * The index of persons: `node bench/persons.ts [--rows 200000] [--rounds 50]`. Rows a second into the index, without the
 * pauses of the service; then how long it takes to find somebody by NIF, phone and e-mail, median and slowest, in the index
 * and while no row is in it.
 */
const { values } = parseArgs({
  options: { rows: { type: 'string', default: '200000' }, rounds: { type: 'string', default: '50' } },
});
const [count, rounds] = [Number(values.rows), Number(values.rounds)];
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const letters = 'TRWAGMYFPDXBNJZSQVHLCKE';

const home = await mkdtemp(join(tmpdir(), 'leadsync-bench-persons-'));
const embedded = await joinEmbeddedDatabase({ home });
const { db, close } = openDatabase(embedded.adminUrl);
try {
  await migrateLedger(db);
  const ledger = createLedger(db);
  const persons = createPersonIndex(db);
  const vault = await createVault({ secret: randomBytes(32), keyStore: createKeyStore(db), now: () => new Date() });
  await fill();
  const ports = { persons, vault, log: { event: () => undefined } };

  const unindexed = await timesOf(1, (n) => find(n));
  say(`found     without the index, ${count} rows opened: ${ms(unindexed)}`);
  const started = performance.now();
  await indexAllPersons(ports, () => undefined);
  const seconds = (performance.now() - started) / 1_000;
  say(
    `indexed   ${count} rows in ${seconds.toFixed(1)} s, ${Math.round(count / seconds).toLocaleString('en')} a second`,
  );
  say(`found     in the index: ${ms(await timesOf(rounds, (n) => find(n)))}`);

  async function find(n: number): Promise<void> {
    const person = personOf(n);
    for (const text of [person.dni, person.phone, person.email]) {
      const { rows } = await findPerson(ports, readPersonKeys(text), { limit: 50 });
      if (!rows.some((row) => row.rowNumber === n + 2)) throw new Error('not found');
    }
  }

  async function fill(): Promise<void> {
    const key = await vault.keyFor('acme');
    const { file } = await ledger.acceptFile({
      partner: 'acme',
      kind: 'leads',
      keyId: key.id,
      name: key.seal('bench.csv'),
      sha256: randomBytes(32).toString('hex'),
      bytes: 1,
      configVersion: 'bench',
      dueAt: null,
      again: false,
      actor: 'bench',
    });
    const reading = await ledger.startReading(file.id, 'bench');
    if (reading === null) throw new Error('the file can not be read');
    for (let from = 0; from < count; from += 1_250) {
      const rows = Array.from({ length: Math.min(1_250, count - from) }, (_, n) => rowOf(from + n, key));
      await ledger.insertRows(reading, rows, from + rows.length + 1, 'bench');
    }
    await ledger.finishReading(file.id, 'bench');
  }

  function rowOf(n: number, key: Awaited<ReturnType<typeof vault.keyFor>>): NewRow {
    const fields = { ...personOf(n), name: 'Íñigo Muñoz Núñez', postalcode: '28013', acceptTerms: 'true', ramo: '1' };
    return {
      rowNumber: n + 2,
      state: 'received',
      code: null,
      problems: [],
      warnings: [],
      keyId: key.id,
      payload: key.seal(JSON.stringify({ fields, partnerLeadId: `B-${n}` })),
      identity: vault.mac('identity', `B-${n}`),
      content: vault.mac('content', `B-${n}`),
      partnerLeadId: vault.mac('partnerLeadId', `B-${n}`),
      orderKey: null,
      leadId: null,
      isFinal: false,
    };
  }
} finally {
  await close();
  await embedded.leave();
  await rm(home, { recursive: true, force: true });
}

function personOf(n: number) {
  const digits = 10_000_000 + n;
  return {
    dni: `${digits}${letters[digits % 23] ?? ''}`,
    phone: `6${String(n).padStart(8, '0')}`,
    email: `p${n}@example.org`,
  };
}

/** Milliseconds of one search. */
async function timesOf(times: number, find: (n: number) => Promise<void>): Promise<number[]> {
  const took: number[] = [];
  for (let round = 0; round < times; round += 1) {
    const started = performance.now();
    await find(Math.floor(((round + 0.5) * count) / times));
    took.push((performance.now() - started) / 3);
  }
  return took.toSorted((one, other) => one - other);
}

function ms(times: readonly number[]): string {
  const middle = times[Math.floor(times.length / 2)] ?? 0;
  return `${middle.toFixed(1)} ms, slowest ${(times.at(-1) ?? 0).toFixed(1)} ms`;
}
