import { expect, it } from 'vitest';
import { waitAtMost } from '../../src/app/wait-at-most.ts';

it('looks at a waiting update all the same, ever more seldom, so that a day of waiting is a few looks', () => {
  const day = 24 * 3_600_000;
  let age = 0;
  let looks = 0;
  for (; age < day; looks += 1) age += waitAtMost({ timeScale: 1 }, age);
  expect(waitAtMost({ timeScale: 1 })).toBe(5 * 60_000);
  expect(looks).toBeLessThan(20);
});
