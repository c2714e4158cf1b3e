import { sql } from 'kysely';

/** The columns of a LedgerFile, aliased to its names. `f` is the file's table alias; big integers come as text, bytes as a number. */
export const fileColumns = sql.raw(`
  f.id::text as id, f.partner, f.kind, f.key_id as "keyId", f.name, f.sha256, f.bytes::float8 as bytes,
  f.config_version as "configVersion", f.state, f.code, f.same_as::text as "sameAs", f.last_row as "lastRow",
  f.read_offset::float8 as "readOffset", f.read_mark as "readMark", f.encoding,
  f.encoding_why as "encodingWhy", f.encoding_confidence as "encodingConfidence", f.delimiter, f.arrived_at as "arrivedAt", f.due_at as "dueAt", f.night::text as night, coalesce(f.run = 'waiting', false) as "waitsForRun", f.settled_at as "settledAt",
  f.result_version as "resultVersion", f.held_from as "heldFrom", f.held_because as "heldBecause",
  f.let_through_to as "letThroughTo", f.is_let_through as "isLetThrough", f.header, f.row_count as "rowCount", f.filled,
  f.blanked_sha256s as "blankedSha256s", f.bytes_removed_at as "bytesRemovedAt",
  (extract(epoch from clock_timestamp() - greatest(f.reported_at, f.settled_at, f.due_at)) * 1000)::float8 as "reportAgeMs"`);
