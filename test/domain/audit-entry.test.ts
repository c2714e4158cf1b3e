import { describe, expect, it } from 'vitest';
import { readEntry } from '../../src/domain/audit-entry.ts';

describe('the line of an audit entry', () => {
  it.each([
    ['{"seq":7,"at":"2026-11-27T08:00:00.000001Z","txid":99,"actor":"a","action":"b"}', '7', '99'],
    [
      '{"seq":-5,"at":"2026-11-27T08:00:00.000001Z","txid":184467440737,"actor":"x,\\"txid\\":1","action":"b"}',
      '-5',
      '184467440737',
    ],
  ])('tells its number, its time and its transaction: %s', (line, seq, txid) => {
    expect(readEntry(line)).toEqual({ seq, txid, at: '2026-11-27T08:00:00.000001Z', line });
  });
});
