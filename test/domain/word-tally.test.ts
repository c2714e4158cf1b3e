import { describe, expect, it } from 'vitest';
import { createWordTally } from '../../src/domain/word-tally.ts';

function countOf(words: readonly string[]) {
  const tally = createWordTally();
  for (const word of words) tally.add(word);
  return tally.result();
}

describe('the words of a column', () => {
  it('counts words that fold alike as one, the most frequent first', () => {
    expect(countOf(['Quizás', 'Interés legítimo', 'interes  legitimo', 'INTERÉS LEGÍTIMO'])).toEqual({
      rows: 4,
      words: [
        { word: 'Interés legítimo', rows: 3 },
        { word: 'Quizás', rows: 1 },
      ],
      hidden: 0,
    });
  });

  it.each(['12345678Z', '612 34 56 78', 'ana@example.org', 'x'.repeat(61), '٣'])('never shows %s', (value) => {
    expect(countOf([value, 'no sé'])).toEqual({ rows: 2, words: [{ word: 'no sé', rows: 1 }], hidden: 1 });
  });

  it('shows twenty words at most', () => {
    const counted = countOf(letters(30));
    expect([counted.words.length, counted.hidden]).toEqual([20, 10]);
  });

  it('shows nothing of a column that holds another value in every row, such as names', () => {
    expect(countOf(letters(300))).toEqual({ rows: 300, words: [], hidden: 300 });
  });
});

function letters(n: number): string[] {
  return Array.from({ length: n }, (_, index) => `palabra ${String.fromCodePoint(0x4e00 + index)}`);
}
