import { describe, expect, it } from 'vitest';
import { readRowFilter } from '../../src/cli/row-filter.ts';
import { UsageFault } from '../../src/cli/usage-fault.ts';

const madrid = { now: new Date('2026-06-01T12:00:00Z'), timeZone: 'Europe/Madrid' };

describe('readRowFilter', () => {
  it('takes the words of people and answers those of the ledger', () => {
    const filter = readRowFilter(
      { kind: 'Updates', state: 'in doubt', code: 'api_ko', file: '3', row: '17' },
      50,
    )(madrid);
    expect(filter).toEqual({ kind: 'update', state: 'in_doubt', code: 'API_KO', fileId: '3', rowId: '17', limit: 50 });
  });

  it.each([
    ['2h', '2026-06-01T10:00:00.000Z'],
    ['2026-06-01', '2026-05-31T22:00:00.000Z'],
    ['2026-01-15 02:30', '2026-01-15T01:30:00.000Z'],
    ['2026-06-01T02:30:15', '2026-06-01T00:30:15.000Z'],
    ['2026-06-01T02:30Z', '2026-06-01T02:30:00.000Z'],
    ['2026-06-01 02:30+05:00', '2026-05-31T21:30:00.000Z'],
  ])('reads --since %s in the time zone of the installation', (text, instant) => {
    expect(readRowFilter({ since: text }, 50)(madrid).since?.toISOString()).toBe(instant);
  });

  it('counts a date of --until to its end, also on the day the clocks change', () => {
    expect(readRowFilter({ until: '2026-03-29' }, 50)(madrid).until?.toISOString()).toBe('2026-03-29T22:00:00.000Z');
    expect(readRowFilter({ since: '2026-03-29' }, 50)(madrid).since?.toISOString()).toBe('2026-03-28T23:00:00.000Z');
  });

  it.each([
    [{ limit: '0' }, '--limit: expected a whole number from 1 to 9999999; got "0"'],
    [{ file: 'a' }, '--file: expected a number such as 42; got "a"'],
    [{ row: '1;2' }, '--row: expected a number such as 42; got "1;2"'],
    [{ kind: 'files' }, '--kind: expected leads or updates; got "files"'],
    [{ code: 'KO' }, '--code: expected a fault code such as API_KO or ROW_NIF_INVALID; got "KO"'],
    [{ night: '2026-02-30' }, '--night: expected a date such as 2026-11-24; got "2026-02-30"'],
    [{ since: '2026-02-30' }, '--since: expected 2h, 7d, 2026-06-01 or "2026-06-01 02:30"; got "2026-02-30"'],
    [{ until: 'yesterday' }, '--until: expected 2h, 7d, 2026-06-01 or "2026-06-01 02:30"; got "yesterday"'],
  ])('refuses %j before anything is opened, naming the option', (options, message) => {
    expect(() => readRowFilter(options, 50)).toThrow(new UsageFault(message));
  });

  it('lists the states for one it does not know', () => {
    expect(() => readRowFilter({ state: 'done' }, 50)).toThrow(
      /--state: expected one of received, waiting, .*; got "done"/,
    );
  });
});
