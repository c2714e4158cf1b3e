import { describe, expect, it } from 'vitest';
import { createLoginLimit } from '../../src/console/door/login-limit.ts';

const minute = 60_000;

function aLimit() {
  let now = 0;
  const limit = createLoginLimit(() => now);
  return { limit, pass: (ms: number) => (now += ms) };
}

describe('the limit of logins', () => {
  it('waits after five tries of a name from an address, until the first is a quarter of an hour old', () => {
    const { limit, pass } = aLimit();
    for (let tries = 0; tries < 5; tries += 1) {
      expect(limit.waitMs('ana', '10.0.0.1')).toBe(0);
      limit.tries('ana', '10.0.0.1');
      pass(minute);
    }
    expect(limit.waitMs('ana', '10.0.0.1')).toBe(10 * minute);
    expect(limit.waitMs('ana', '10.0.0.2')).toBe(0);
    expect(limit.waitMs('luis', '10.0.0.1')).toBe(0);
    pass(10 * minute);
    expect(limit.waitMs('ana', '10.0.0.1')).toBe(0);
  });

  it('waits after twenty tries of a name from many addresses', () => {
    const { limit } = aLimit();
    for (let at = 0; at < 20; at += 1) limit.tries('ana', `10.0.1.${at}`);
    expect(limit.waitMs('ana', '10.0.2.1')).toBe(15 * minute);
  });

  it('waits after fifty tries of many names from an address', () => {
    const { limit } = aLimit();
    for (let at = 0; at < 50; at += 1) limit.tries(`name-${at}`, '10.0.0.1');
    expect(limit.waitMs('ana', '10.0.0.1')).toBe(15 * minute);
  });

  it('keeps no more of a name than it takes to tell people apart', () => {
    const { limit } = aLimit();
    const long = 'a'.repeat(64);
    for (let tries = 0; tries < 5; tries += 1) limit.tries(long + 'x'.repeat(60_000 + tries), '10.0.0.1');
    expect(limit.waitMs(`${long}y`, '10.0.0.1')).toBe(15 * minute);
  });

  it('forgets the slips of who was right, and not those of others', () => {
    const { limit } = aLimit();
    for (let tries = 0; tries < 4; tries += 1) limit.tries('ana', '10.0.0.1');
    limit.tries('ana', '10.0.0.1');
    limit.wasRight('ana', '10.0.0.1');
    expect(limit.waitMs('ana', '10.0.0.1')).toBe(0);
    for (let at = 0; at < 16; at += 1) limit.tries('ana', `10.0.1.${at}`);
    // Four wrong ones from the first address, and sixteen more.
    expect(limit.waitMs('ana', '10.0.2.1')).toBe(15 * minute);
  });
});
