import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderKeyOf } from '../../src/domain/order-key.ts';

describe('orderKeyOf', () => {
  it.each([
    ['23/11/2026', '2026-11-23T00:00:00.000'],
    ['3/1/2026 9:05', '2026-01-03T09:05:00.000'],
    ['23-11-2026 10:15:30', '2026-11-23T10:15:30.000'],
    ['2026-11-23', '2026-11-23T00:00:00.000'],
    ['2026-11-23 10:15', '2026-11-23T10:15:00.000'],
    ['2026-11-23T10:15:30.5Z', '2026-11-23T10:15:30.500'],
    ['2026-11-23T10:15:30+01:00', '2026-11-23T09:15:30.000'],
  ])('reads %s', (text, key) => {
    expect(orderKeyOf(text)).toBe(key);
  });

  it.each([
    '',
    '31/02/2026',
    '2026-13-01',
    '11/23/2026',
    '23/11/26',
    'ayer',
    '45983',
    '23/11/2026 25:00',
    '23/11/2026 10:75',
  ])('rejects %j', (text) => {
    expect(orderKeyOf(text)).toBeNull();
  });

  it('sorts as time does, in either notation', () => {
    const date = fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
    const spanish = (iso: string): string =>
      `${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(0, 4)} ${iso.slice(11, 19)}`;
    fc.assert(
      fc.property(date, date, (a, b) => {
        const [early = '', late = ''] = [a, b].sort((x, y) => x.getTime() - y.getTime()).map((x) => x.toISOString());
        expect((orderKeyOf(early) ?? '') <= (orderKeyOf(late) ?? '')).toBe(true);
        expect((orderKeyOf(spanish(early)) ?? '') <= (orderKeyOf(spanish(late)) ?? '')).toBe(true);
      }),
    );
  });
});
