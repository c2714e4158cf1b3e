import { describe, expect, it } from 'vitest';
import { readInstant } from '../../src/view/instant.ts';

const at = { now: new Date('2026-06-01T12:00:00Z'), timeZone: 'Europe/Madrid' };

describe('a moment as somebody writes it', () => {
  it.each([
    ['2h', '2026-06-01T10:00:00.000Z'],
    ['2026-06-01', '2026-05-31T22:00:00.000Z'],
    ['1900-01-02T00:00Z', '1900-01-02T00:00:00.000Z'],
    ['2999-12-31', '2999-12-30T23:00:00.000Z'],
  ])('is read: %s', (text, instant) => {
    expect(readInstant(text, at)?.toISOString()).toBe(instant);
  });

  it.each(['999999w', '0000-01-01', '0001-01-01', '1899-12-31', '3000-01-01', '9999-12-31', '9999-12-31T23:59-23:59'])(
    'is none where no ledger has rows, and no database or calendar an answer: %s',
    (text) => {
      for (const endOfDay of [false, true]) expect(readInstant(text, at, { endOfDay })).toBeNull();
    },
  );
});
