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
    ['23 de noviembre de 2026', '2026-11-23T00:00:00.000'],
    ['lunes, 23 de noviembre de 2026 10:15', '2026-11-23T10:15:00.000'],
    ['3 de Septiembre del 2026 a las 9:05 h', '2026-09-03T09:05:00.000'],
    ['3 setiembre 2026', '2026-09-03T00:00:00.000'],
    ['23-nov-2026', '2026-11-23T00:00:00.000'],
    ['23 nov. 2026, 16:45:30', '2026-11-23T16:45:30.000'],
    ['5/ene/2026', '2026-01-05T00:00:00.000'],
    ['23 Nov 2026 at 10:15', '2026-11-23T10:15:00.000'],
    ['November 23, 2026', '2026-11-23T00:00:00.000'],
    ['Nov 3, 2026 4:05 PM', '2026-11-03T16:05:00.000'],
    ['Mon, Sept. 7, 2026, 12:30 am', '2026-09-07T00:30:00.000'],
    ['3/1/2026 12:05 p. m.', '2026-01-03T12:05:00.000'],
    ['3/1/2026 9:05 a.m.', '2026-01-03T09:05:00.000'],
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
    // American or Spanish? Nobody can tell.
    '05/11/2026 9:30 AM',
    '31 de febrero de 2026',
    '23 de noviembro de 2026',
    '23 no 2026',
    'Nov 23 26',
    'Nov 23, 2026 13:05 PM',
    'Nov 23, 2026 0:05 AM',
    'noviembre 2026',
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
