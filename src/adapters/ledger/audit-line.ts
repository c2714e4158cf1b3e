import { sql } from 'kysely';

/** A field that is left out where it has no value. The text of it must be JSON. */
const field = (name: string, column: string, json: string): string =>
  `coalesce(',"${name}":' || ${json.replace('$', `e.${column}`)}, '')`;
const text = (name: string, column: string): string => field(name, column, 'to_json($)::text');
const number = (name: string, column: string): string => field(name, column, '$::text');

/** Time in UTC with microseconds. */
export const utc = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/**
 * An audit event as the one line that is sealed, exported and checked (domain/audit-entry.ts). Written by the database,
 * which is a third faster than writing it here, and as constant: a jsonb has one text. Changing anything about it would
 * make every seal that exists find every entry changed.
 */
export const auditLine = sql.raw(`'{"seq":' || e.seq || ',"at":"' || ${utc('e.at')} || '","txid":' || e.txid::text
  || ',"actor":' || to_json(e.actor)::text || ',"action":' || to_json(e.action)::text
  || ${[
    text('partner', 'partner'),
    number('fileId', 'file_id'),
    number('rowId', 'row_id'),
    field('attemptId', 'attempt_id', `'"' || $ || '"'`),
    text('from', 'from_state'),
    text('to', 'to_state'),
    number('fence', 'fence'),
    number('version', 'version'),
    text('code', 'code'),
    text('reason', 'reason'),
    field('detail', 'detail', '$::text'),
  ].join(' || ')} || '}'`);
