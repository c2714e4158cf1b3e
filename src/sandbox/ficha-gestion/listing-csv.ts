import { stringify } from 'csv-stringify/sync';
import type { Pool } from 'pg';
import { conditionsOf } from './conditions.ts';
import type { Sought } from './conditions.ts';
import { spreadsheetCell } from './spreadsheet-cell.ts';

/** Leads in memory at a time. */
const BATCH = 2_000;

const columns = [
  'leadId',
  'partnerLeadId',
  'idLanding',
  'partner',
  'campaign',
  'ramo',
  'estado',
  'agenteId',
  'requestId',
  'createdAt',
] as const;

type Line = Readonly<Record<(typeof columns)[number], string | null>>;

export interface ListingCsv {
  /** The database's time before the first lead was read: every lead registered by then is listed. */
  readonly asOf: Date;
  /** The listing in pieces, newest lead first. Throws when the database does. */
  readonly text: AsyncIterable<string>;
}

/**
 * The leads that match, as CSV: UTF-8 with BOM, `;`, CRLF, times ISO in UTC. Cells as
 * spreadsheet-cell.ts writes them, which also says how they are read back. Read in batches by key: a client that reads slowly holds neither memory nor a
 * connection, and one that goes away ends the reading.
 */
export async function openListingCsv(pool: Pool, sought: Sought): Promise<ListingCsv> {
  const { rows } = await pool.query<{ asOf: Date }>('select clock_timestamp() as "asOf"');
  const [now] = rows;
  if (now === undefined) throw new Error('a select that returned nothing');
  return { asOf: now.asOf, text: textOf(pool, sought) };
}

async function* textOf(pool: Pool, sought: Sought): AsyncGenerator<string> {
  yield `\u{FEFF}${linesOf([columns])}`;
  let last: Keyed | undefined;
  do {
    const batch = await readBatch(pool, sought, last);
    yield linesOf(batch.map((line) => columns.map((column) => line[column])));
    last = batch.length < BATCH ? undefined : batch.at(-1);
  } while (last !== undefined);
}

function linesOf(lines: readonly (readonly (string | null)[])[]): string {
  return stringify([...lines], {
    delimiter: ';',
    record_delimiter: '\r\n',
    cast: { string: spreadsheetCell },
  });
}

/** `key` is created_at with all its digits: a Date has only milliseconds, and pages would repeat or lose leads. */
interface Keyed extends Line {
  readonly key: string;
}

async function readBatch(pool: Pool, sought: Sought, last: Keyed | undefined): Promise<Keyed[]> {
  const { where, values } = conditionsOf(sought);
  const parameters = [...values];
  const older =
    last === undefined
      ? 'true'
      : `(created_at, lead_id) < ($${parameters.push(last.key)}::timestamptz, $${parameters.push(last.leadId ?? '')})`;
  const { rows } = await pool.query<Keyed>(
    `select lead_id as "leadId", partner_lead_id as "partnerLeadId", id_landing as "idLanding", partner, campaign, ramo,
            estado, body ->> 'agenteId' as "agenteId", request_id as "requestId", created_at::text as key,
            to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "createdAt"
     from sandbox.leads where ${where} and ${older}
     order by created_at desc, lead_id desc limit ${BATCH}`,
    parameters,
  );
  return rows;
}
