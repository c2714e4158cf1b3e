import { sql } from 'kysely';
import type { LedgerDatabase } from '../../src/adapters/ledger/database.ts';

/** A text as bytes, as it may stand somewhere. */
function spellings(value: string): readonly Buffer[] {
  const utf8 = Buffer.from(value);
  // In base64 a text looks different at each place of three: what is sure of it is left.
  const base64 = [0, 1, 2].map((skipped) => {
    const coded = Buffer.concat([Buffer.alloc(skipped), utf8])
      .toString('base64')
      .replaceAll('=', '');
    return Buffer.from(coded.slice(Math.ceil((skipped * 4) / 3), -2));
  });
  return [
    utf8,
    Buffer.from(value, 'latin1'),
    Buffer.from(value, 'utf16le'),
    Buffer.from(value, 'utf16le').swap16(),
    ...base64,
    Buffer.from(utf8.toString('hex')),
  ];
}

/** Which of these values stand in the bytes, in whatever spelling. */
export function standsIn(bytes: Buffer, values: readonly string[]): readonly string[] {
  return values.filter((value) => spellings(value).some((spelling) => bytes.includes(spelling)));
}

/** Where one of these values stands in the raw bytes of a database's files, after a vacuum. `owner`: who may read them. */
export async function tracesInDatabase(owner: LedgerDatabase, values: readonly string[]): Promise<string[]> {
  await sql`vacuum full`.execute(owner);
  await sql`checkpoint`.execute(owner);
  const { rows } = await sql<{ name: string; bytes: Buffer }>`
    select relname as name, pg_read_binary_file(pg_relation_filepath(oid)) as bytes from pg_class
    where relkind in ('r', 'i', 't') and pg_relation_filepath(oid) is not null`.execute(owner);
  if (rows.length < 50) throw new Error('the relations of the ledger were not read');
  return rows.flatMap(({ name, bytes }) => standsIn(bytes, values).map((value) => `${value} in relation ${name}`));
}
