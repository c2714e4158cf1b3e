import { afterEach, expect, test, vi } from 'vitest';
import { nowAndThen } from '../../../src/adapters/queue/now-and-then.ts';

afterEach(() => void vi.useRealTimers());

test('lets each code through once in the interval', () => {
  vi.useFakeTimers();
  const said: string[] = [];
  const say = nowAndThen((code) => said.push(code), 5_000);
  for (const code of ['ECONNREFUSED', 'ECONNREFUSED', 'LOCK_LOST', 'ECONNREFUSED']) say(code);
  expect(said).toEqual(['ECONNREFUSED', 'LOCK_LOST']);
  vi.advanceTimersByTime(5_000);
  say('ECONNREFUSED');
  expect(said).toEqual(['ECONNREFUSED', 'LOCK_LOST', 'ECONNREFUSED']);
});
