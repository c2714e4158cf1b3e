import { expect, it } from 'vitest';
import { createProblemTally } from '../../src/domain/problem-tally.ts';

it('counts by code and field, a row once, with the first five rows', () => {
  const tally = createProblemTally();
  for (let row = 2; row <= 9; row++) tally.add(row, [{ code: 'ROW_NIF_MISSING', column: 'dni' }]);
  const twice = { code: 'ROW_FIELD_MISSING', column: 'name' } as const;
  tally.add(10, [twice, { code: 'ROW_FIELD_MISSING', column: 'phone' }, twice]);
  tally.add(11, [{ code: 'ROW_UNREADABLE' }]);
  expect(tally.result()).toEqual([
    { code: 'ROW_NIF_MISSING', column: 'dni', rows: 8, firstRows: [2, 3, 4, 5, 6] },
    { code: 'ROW_FIELD_MISSING', column: 'name', rows: 1, firstRows: [10] },
    { code: 'ROW_FIELD_MISSING', column: 'phone', rows: 1, firstRows: [10] },
    { code: 'ROW_UNREADABLE', column: null, rows: 1, firstRows: [11] },
  ]);
});
