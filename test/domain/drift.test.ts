import { describe, expect, it } from 'vitest';
import { findDrift, type DriftRules, type FileProfile } from '../../src/domain/drift.ts';

const rules: DriftRules = { header: true, smallerPercent: 60, biggerTimes: 5, emptiedPercent: 90 };
const off: DriftRules = { header: false, smallerPercent: null, biggerTimes: null, emptiedPercent: null };

function aFile(changes: Partial<FileProfile> = {}): FileProfile {
  return { header: 'h1', rows: 100, filled: { phone: 100, email: 60 }, configVersion: 'v1', ...changes };
}

const days = (rows: readonly number[]): FileProfile[] => rows.map((n) => aFile({ rows: n, filled: {} }));
const codes = (file: FileProfile, earlier: readonly FileProfile[], by = rules): string[] =>
  findDrift(file, earlier, by).map(({ code, column }) => (column === undefined ? code : `${code} ${column}`));

describe('a header', () => {
  it('is compared with that of the last accepted file', () => {
    expect(codes(aFile({ header: 'h2' }), [aFile()])).toEqual(['FILE_HEADER_CHANGED']);
    expect(codes(aFile({ header: 'h2' }), [aFile({ header: 'h2' }), aFile()])).toEqual([]);
  });

  it('is compared with nothing where there is nothing', () => {
    expect(codes(aFile(), [])).toEqual([]);
    expect(codes(aFile(), [aFile({ header: null })])).toEqual([]);
  });
});

describe('a size', () => {
  it.each([
    [41, []],
    [40, ['FILE_SIZE_UNUSUAL']],
    [0, ['FILE_SIZE_UNUSUAL']],
    [500, []],
    [501, ['FILE_SIZE_UNUSUAL']],
  ])('of %i rows where a hundred are usual', (rows, expected) => {
    expect(codes(aFile({ rows, filled: {} }), days([90, 100, 5_000]))).toEqual(expected);
  });

  it('tells rows and what is usual: the median, which one odd day does not move', () => {
    const [problem] = findDrift(aFile({ rows: 10, filled: {} }), days([100, 101, 9, 100]), rules);
    expect(problem?.detail).toEqual({ rows: 10, usual: 100 });
  });

  it('is not judged by fewer than three files, nor where chance makes it', () => {
    expect(codes(aFile({ rows: 1, filled: {} }), days([100, 100]))).toEqual([]);
    expect(codes(aFile({ rows: 2, filled: {} }), days([10, 10, 10]))).toEqual([]);
    expect(codes(aFile({ rows: 60, filled: {} }), days([3, 3, 3]))).toEqual([]);
    expect(codes(aFile({ rows: 101, filled: {} }), days([3, 3, 3]))).toEqual(['FILE_SIZE_UNUSUAL']);
  });
});

describe('a field', () => {
  it('that nearly every row had and none has any more is told, with what was usual', () => {
    const found = findDrift(aFile({ filled: { phone: 0, email: 60 } }), [aFile()], rules);
    expect(found).toEqual([{ code: 'FILE_COLUMN_EMPTY', column: 'phone', detail: { percent: 100 } }]);
  });

  it('counts as empty with a stray value', () => {
    expect(codes(aFile({ filled: { phone: 1, email: 60 } }), [aFile()])).toEqual(['FILE_COLUMN_EMPTY phone']);
    expect(codes(aFile({ filled: { phone: 2, email: 60 } }), [aFile()])).toEqual([]);
  });

  it('that was often empty may be empty', () => {
    expect(codes(aFile({ filled: { phone: 100, email: 0 } }), [aFile()])).toEqual([]);
    expect(codes(aFile({ filled: { phone: 0 } }), [aFile({ filled: { phone: 90 } })])).toEqual([]);
  });

  it('that has lost its column counts, unless the config has changed', () => {
    const file = aFile({ filled: { email: 60 } });
    expect(codes(file, [aFile()])).toEqual(['FILE_COLUMN_EMPTY phone']);
    expect(codes({ ...file, configVersion: 'v2' }, [aFile()])).toEqual([]);
  });

  it('says nothing in a handful of rows', () => {
    expect(codes(aFile({ rows: 4, filled: { phone: 0 } }), [aFile()])).toEqual([]);
  });
});

it('is asked of nothing when all is off', () => {
  const odd = aFile({ header: 'h2', rows: 5, filled: { phone: 0 } });
  const earlier = [aFile(), aFile(), aFile()];
  expect(codes(odd, earlier)).toHaveLength(3);
  expect(codes(odd, earlier, off)).toEqual([]);
});
