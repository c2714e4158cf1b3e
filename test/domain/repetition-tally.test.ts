import { describe, expect, it } from 'vitest';
import { createRepetitionTally } from '../../src/domain/repetition-tally.ts';

function countOf(rows: readonly (readonly [string, string])[]) {
  const tally = createRepetitionTally();
  for (const [index, [key, content]] of rows.entries()) tally.add(index + 2, key, content);
  return tally.result();
}

describe('what stands in a file more than once', () => {
  it('tells repetitions from rows that differ, and names the first of those', () => {
    const rows = [
      ['a', 'x'],
      ['b', 'x'],
      ['a', 'x'],
      ['a', 'y'],
      ['b', 'x'],
      ['c', 'z'],
      ['a', 'z'],
    ] as const;
    expect(countOf(rows)).toEqual({
      repeated: 2,
      differing: 1,
      mostOfOne: 3,
      differingShare: 1 / 3,
      firstRows: [5, 8],
      isEstimate: false,
    });
  });

  it('takes a row that repeats a differing one for a repetition', () => {
    expect(
      countOf([
        ['a', 'x'],
        ['a', 'y'],
        ['a', 'y'],
      ]),
    ).toMatchObject({ repeated: 1, differing: 1, mostOfOne: 2 });
  });

  it('counts nothing in an empty file', () => {
    expect(countOf([])).toMatchObject({ repeated: 0, differing: 0, differingShare: 0, isEstimate: false });
  });

  it('is exact where it can be, and close where it can not', () => {
    const keys = (n: number, everyNth: number) =>
      Array.from({ length: n }, (_, index) => `id-${index}`).flatMap((key, index) =>
        index % everyNth === 0 ? [[key, 'x'] as const, [key, 'y'] as const] : [[key, 'x'] as const],
      );
    expect(countOf(keys(60_000, 20))).toMatchObject({ differing: 3_000, isEstimate: false });
    const many = countOf(keys(400_000, 20));
    expect(many.isEstimate).toBe(true);
    expect(many.differing).toBeGreaterThan(18_500);
    expect(many.differing).toBeLessThan(21_500);
    expect(many.differingShare).toBeCloseTo(0.05, 2);
  });
});
