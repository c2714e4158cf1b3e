import { expect, it } from 'vitest';
import { createStatesInFile } from '../../src/domain/states-in-file.ts';

const lead = 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa';
const other = 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb';
const five = '55555555-5555-4555-8555-555555555555';
const seven = '77777777-7777-4777-8777-777777777777';

it('knows what a file has said last of each lead, so that 5, 7, 5 is no repeat and 5, 5 is one', () => {
  const states = createStatesInFile();
  expect(states.repeats(lead, five)).toBeNull();
  states.say(lead, five);
  expect([states.repeats(lead, five), states.repeats(lead, seven), states.repeats(other, five)]).toEqual([
    true,
    false,
    null,
  ]);
  states.say(lead, seven);
  expect(states.repeats(lead, five)).toBe(false);
});
