import { expect, it } from 'vitest';
import { booleanOf, noWords, yesWords } from '../../src/domain/boolean-words.ts';
import { fold } from '../../src/domain/fold.ts';

it.each([
  ['Sí', 'true'],
  ['VERDADERO', 'true'],
  ['yes', 'true'],
  ['1', 'true'],
  ['No', 'false'],
  ['Falso', 'false'],
  ['quizás', null],
  ['', null],
])('reads %s as %s', (word, boolean) => {
  expect(booleanOf(fold(word))).toBe(boolean);
});

it('has folded words, none of them in both lists', () => {
  expect([...yesWords, ...noWords].filter((word) => fold(word) !== word)).toEqual([]);
  expect(yesWords.filter((word) => noWords.includes(word))).toEqual([]);
});
