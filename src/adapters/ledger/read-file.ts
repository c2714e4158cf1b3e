import { sql } from 'kysely';

/** The columns of a LedgerFile, aliased to its names. `f` is the file's table alias; big integers come as text, bytes as a number. */
export const fileColumns = sql.raw(`
  f.id::text as id, f.partner, f.kind, f.key_id as "keyId", f.name, f.sha256, f.bytes::float8 as bytes,
  f.config_version as "configVersion", f.state, f.code, f.same_as::text as "sameAs", f.last_row as "lastRow",
  f.encoding, f.delimiter, f.arrived_at as "arrivedAt", f.due_at as "dueAt", f.settled_at as "settledAt",
  f.result_version as "resultVersion"`);
