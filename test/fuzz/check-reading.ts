import assert from 'node:assert/strict';
import iconv from 'iconv-lite';
import { createCsvRecordReader } from '../../src/adapters/csv/csv-record-reader.ts';
import type { FileRecord, OpenedRecords, ReadingPoint, UnreadableFile } from '../../src/app/ports/record-reader.ts';
import { bytesInMemory } from '../adapters/csv/bytes-in-memory.ts';
import type { Dice } from './mutate.ts';

/** What one input came to. */
export interface Reading {
  /** The fault of a file that was refused. */
  readonly refused: string | null;
  readonly records: readonly FileRecord[];
}

/**
 * Reads bytes twice, in chunks of two sizes, and holds against both readings what must be true of any: they are equal;
 * numbers and places grow; each byte belongs to the header, to one record or fault, to blank lines or to a report's
 * footer; and reading goes on at the end of any record as if it had never stopped. Throws what is not so.
 */
export async function checkReading(bytes: Buffer, dice: Dice): Promise<Reading> {
  const limits = { maxBytes: 1 << 30, maxRows: 1_000_000, maxCell: [40, 200, 32_767][dice(3)] ?? 40 };
  const longest = dice(2) === 0 ? 400 : 1 << 20;
  const open = async (chunkBytes: number, from?: ReadingPoint): Promise<OpenedRecords | UnreadableFile> =>
    createCsvRecordReader(bytesInMemory(bytes, chunkBytes), () => longest).open('', { match: '*' }, limits, from);

  const whole = await open(1 << 18);
  const pieces = await open(1 + dice(700));
  if ('fault' in whole) {
    assert.deepEqual(pieces, whole, 'refused one way only');
    return { refused: whole.fault, records: [] };
  }
  assert.ok(!('fault' in pieces), 'refused one way only');
  const records = await Array.fromAsync(whole.records);
  assert.deepEqual(await Array.fromAsync(pieces.records), records, 'chunks make a difference');
  assert.deepEqual([pieces.header, pieces.encoding, pieces.delimiter], [whole.header, whole.encoding, whole.delimiter]);
  checkPlaces(bytes, whole, records);

  const last = records[dice(records.length)];
  if (last?.next != null) {
    const { encoding, delimiter } = whole;
    const rest = await open(1 + dice(700), { encoding, delimiter, rowNumber: last.rowNumber, offset: last.next });
    assert.ok(!('fault' in rest), 'cannot go on');
    assert.deepEqual(
      await Array.fromAsync(rest.records),
      records.slice(records.indexOf(last) + 1),
      'goes on otherwise',
    );
  }
  return { refused: null, records };
}

function checkPlaces(bytes: Buffer, { encoding, delimiter }: OpenedRecords, records: readonly FileRecord[]): void {
  let row = 1;
  let place = records[0]?.at ?? 0;
  const between: string[] = [];
  for (const { rowNumber, at, next } of records) {
    assert.ok(rowNumber > row, `row ${rowNumber} after row ${row}`);
    assert.ok(at !== null && next !== null && at >= place && next > at, `row ${rowNumber} stands at ${at} to ${next}`);
    between.push(iconv.decode(bytes.subarray(place, at), encoding));
    [row, place] = [rowNumber, next];
  }
  assert.ok(place <= bytes.length, 'reads behind the end');
  for (const text of between) assert.equal(withoutBlanks(text, delimiter), '', 'bytes that belong to no record');
  const end = withoutBlanks(iconv.decode(bytes.subarray(place), encoding), delimiter);
  if (end !== '') assert.match(end, footer, 'bytes behind the last record that are no footer');
}

function withoutBlanks(text: string, delimiter: string): string {
  return text
    .replaceAll(delimiter, '')
    .replaceAll('\u001A', 'DOS')
    .replace(/[\s\uFEFF"]/g, '');
}

const footer = /grandtotal|distribute|nodistribuir|salesforce|generatedby:|DOS/i;
