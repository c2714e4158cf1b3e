import { expect, it } from 'vitest';
import { createFillTally } from '../../src/domain/fill-tally.ts';

const columns = { name: [0, 1], phone: [2], email: [5] };

it('counts the rows in which a field says something: in any of its columns, and not with blanks', () => {
  const tally = createFillTally(columns, { rows: 0, filled: {} });
  tally.add(['', 'Peña', '600000001']);
  tally.add(['Ana', '', '  ']);
  tally.add(['', '', '']);
  expect(tally.result()).toEqual({ rows: 3, filled: { name: 2, phone: 1, email: 0 } });
});

it('goes on from what was counted before', () => {
  const tally = createFillTally(columns, { rows: 10, filled: { name: 9, phone: 4 } });
  tally.add(['Ana', '', '']);
  expect(tally.result()).toEqual({ rows: 11, filled: { name: 10, phone: 4, email: 0 } });
});
