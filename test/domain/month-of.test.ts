import { expect, it } from 'vitest';
import { monthOf } from '../../src/domain/month-of.ts';

it.each(['es', 'en'])('knows the twelve months of %s, whole and short', (language) => {
  for (let month = 1; month <= 12; month++) {
    const date = new Date(Date.UTC(2026, month - 1, 15));
    for (const length of ['long', 'short'] as const) {
      const word = new Intl.DateTimeFormat(language, { month: length, timeZone: 'UTC' }).format(date);
      expect([word, monthOf(word)]).toEqual([word, month]);
    }
  }
});

it.each(['', 'ju', 'sep.', 'noviembro', 'lunes', 'mayonesa'])('knows no month %j', (word) => {
  expect(monthOf(word)).toBeNull();
});
