import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPersonIndex } from '../../src/adapters/ledger/person-index.ts';
import { findPerson } from '../../src/app/find-person.ts';
import { indexAllPersons } from '../../src/app/index-persons.ts';
import { ingestFile } from '../../src/app/ingest-file.ts';
import { tagPerson } from '../../src/app/keyed-hashes.ts';
import type { RowFilter } from '../../src/app/ports/ledger.ts';
import type { PersonIndex } from '../../src/app/ports/person-index.ts';
import { readPersonKeys } from '../../src/domain/person-key.ts';
import { createLedgerDatabase, type TestDatabase } from '../support/database.ts';
import { scratchFolder, type ScratchFolder } from '../support/scratch-folder.ts';
import { anIntake, type TestIntake } from './an-intake.ts';

let database: TestDatabase;
let scratch: ScratchFolder;
let intake: TestIntake;
let persons: PersonIndex;

beforeAll(async () => {
  database = await createLedgerDatabase('find person');
  scratch = await scratchFolder();
  intake = await anIntake(database.url, scratch.path);
  persons = createPersonIndex(intake.db);
  await read(
    'first.csv',
    'A-1;12.345.678-Z;Ana Inventada;+34 612 345 678;Ana@Example.es;sí',
    'A-2;00000001R;Luis Inventado;612345678;luis@example.es;sí',
    // Rejected while it was read: of her there is the phone alone.
    'A-3;12345678A;Ana Inventada;0034612345678;;sí',
    'A-4;00000002W;Otra Inventada;600000002;;sí',
  );
  await index();
});

afterAll(async () => {
  await intake.close();
  await database.drop();
  await scratch.remove();
});

async function read(name: string, ...lines: readonly string[]): Promise<void> {
  const path = join(scratch.path, name);
  await writeFile(path, ['ID;NIF;Nombre;Teléfono;Correo;Acepta privacidad', ...lines, ''].join('\r\n'));
  await ingestFile(intake.ports, await intake.accept(path), new AbortController().signal);
}

const index = () => indexAllPersons({ ...intake.ports, persons }, () => undefined);

async function found(text: string, filter: Partial<RowFilter> = {}) {
  const { rows } = await findPerson({ vault: intake.ports.vault, persons }, readPersonKeys(text), {
    limit: 10,
    ...filter,
  });
  return rows.map((row) => `${row.fileId ?? ''}/${row.rowNumber ?? ''}`);
}

it('finds rows by NIF, phone or e-mail however it is written, newest first', async () => {
  expect(await found('12345678z')).toEqual(['1/2']);
  expect(await found('612-345-678')).toEqual(['1/4', '1/3', '1/2']);
  expect(await found('ANA@example.es')).toEqual(['1/2']);
  expect(await found('00000003A')).toEqual([]);
});

it('finds rows that came a moment ago, before and after they are in the index, each once', async () => {
  await read('second.csv', 'B-1;12345678Z;Ana Inventada;699999999;;sí', 'X1234567L;;Sin NIF;677777777;;sí');
  expect(await persons.countUnindexed()).toBe(2);
  const before = [await found('12345678Z'), await found('X1234567L')];
  await index();
  expect(await persons.countUnindexed()).toBe(0);
  expect([await found('12345678Z'), await found('X1234567L')]).toEqual(before);
  expect(before).toEqual([['2/2', '1/2'], ['2/3']]);
});

it('finds a row that goes into the index while it looks', async () => {
  await read('third.csv', 'C-1;00000004G;Cinco Inventada;655555555;;sí');
  const slow: PersonIndex = {
    ...persons,
    async *unindexedRows(filter) {
      await index();
      yield* persons.unindexedRows(filter);
    },
  };
  const keys = readPersonKeys('00000004G');
  const { rows } = await findPerson({ vault: intake.ports.vault, persons: slow }, keys, { limit: 10 });
  expect(rows).toHaveLength(1);
});

it('keeps to the filter', async () => {
  expect(await found('612345678', { state: 'rejected' })).toEqual(['1/4']);
  expect(await found('612345678', { limit: 2 })).toEqual(['1/4', '1/3']);
});

it('looks at what the index names: two persons may have the same tag', async () => {
  const tag = tagPerson(intake.ports.vault, { kind: 'nif', value: '12345678Z' });
  await sql`insert into person_tag select ${tag}::bigint, id from ledger_row on conflict do nothing`.execute(intake.db);
  expect(await found('12345678Z', { limit: 2 })).toEqual(['2/2', '1/2']);
});

it('holds nothing of a person in the index that could be read or tried out without the key', async () => {
  const { rows } = await sql<{ text: string }>`select person_tag::text as text from person_tag`.execute(intake.db);
  expect(rows.length).toBeGreaterThan(10);
  expect(rows.map(({ text }) => text).join()).not.toMatch(/12345678Z|612345678|Ana/i);
});
