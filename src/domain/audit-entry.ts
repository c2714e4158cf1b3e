/**
 * One line of the record of what happened and who did it, as JSON: `{"seq":1,"at":"…","txid":7,"actor":"…","action":"…"` and
 * what else the entry has, in a fixed order. These very bytes are sealed, exported and checked, so that whoever checks an
 * export needs no rule of how JSON is written.
 */
export interface AuditEntry {
  readonly seq: string;
  /** UTC with microseconds, `2026-11-27T08:00:00.123456Z`: as texts they sort as times do. */
  readonly at: string;
  /** Of the transaction that wrote it, together with what it records. */
  readonly txid: string;
  readonly line: string;
}

const afterSeq = ',"at":"';
const timeLength = '2026-11-27T08:00:00.123456Z'.length;
const beforeTxid = '","txid":';

/** Reads the head of a line by its fixed places: a million of them are read at once. */
export function readEntry(line: string): AuditEntry {
  const endOfSeq = line.indexOf(',');
  const time = endOfSeq + afterSeq.length;
  const txid = time + timeLength + beforeTxid.length;
  return {
    seq: line.slice('{"seq":'.length, endOfSeq),
    at: line.slice(time, time + timeLength),
    txid: line.slice(txid, line.indexOf(',', txid)),
    line,
  };
}
