import { describe, expect, it } from 'vitest';
import { createIdTally } from '../../src/domain/id-tally.ts';

function oddityOf(id: string, phone = '600000001') {
  const tally = createIdTally();
  tally.add(7, id, { phone });
  return tally.result().odd.map(({ oddity }) => oddity);
}

describe('the ids of a file', () => {
  it.each([
    ['1,23457E+16', 'scientific'],
    ['1203648975412000', 'rounded'],
    ['12345678Z', 'nif'],
    ['x-1234567-l', 'nif'],
    ['ana@example.org', 'email'],
    ['+34 600 000 001', 'phone'],
    ['600000001', 'phone'],
  ])('%s is odd: %s', (id, oddity) => {
    expect(oddityOf(id)).toEqual([oddity]);
  });

  it.each(['HS-2001', '00Q5e00000AbCdE', '612345678', '1234567890123456', '1R', 'l:1203648975412031', '12E5'])(
    '%s is an id like any other',
    (id) => {
      expect(oddityOf(id)).toEqual([]);
    },
  );

  it('counts rows and names the first five', () => {
    const tally = createIdTally();
    for (let row = 2; row < 10; row++) tally.add(row, '12345678Z', {});
    tally.add(10, undefined, {});
    tally.add(11, 'HS-1', {});
    expect(tally.result()).toEqual({
      filled: 9,
      blank: 1,
      odd: [{ oddity: 'nif', rows: 8, firstRows: [2, 3, 4, 5, 6] }],
    });
  });
});
