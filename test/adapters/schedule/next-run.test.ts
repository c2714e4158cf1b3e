import { describe, expect, it } from 'vitest';
import { nextRun } from '../../../src/adapters/schedule/next-run.ts';

const night = { cron: '0 2 * * *', timeZone: 'Europe/Madrid' };
const after = (moment: string, schedule = night): string | undefined =>
  nextRun(schedule, new Date(moment))?.toISOString();

describe('nextRun', () => {
  it('is at once without a schedule', () => {
    expect(nextRun(null)).toBeNull();
  });

  it("fires at the partner's own hour, summer and winter", () => {
    expect(after('2026-07-01T12:00:00Z')).toBe('2026-07-02T00:00:00.000Z');
    expect(after('2026-12-01T12:00:00Z')).toBe('2026-12-02T01:00:00.000Z');
  });

  it('fires once on the night whose hour is skipped, and once on the night whose hour comes twice', () => {
    expect(after('2026-03-28T12:00:00Z')).toBe('2026-03-29T01:00:00.000Z');
    expect(after('2026-03-29T01:00:00Z')).toBe('2026-03-30T00:00:00.000Z');
    expect(after('2026-10-24T12:00:00Z')).toBe('2026-10-25T00:00:00.000Z');
    expect(after('2026-10-25T00:00:00Z')).toBe('2026-10-26T01:00:00.000Z');
  });

  it('takes expressions with seconds', () => {
    expect(after('2026-07-01T12:00:01Z', { cron: '*/5 * * * * *', timeZone: 'UTC' })).toBe('2026-07-01T12:00:05.000Z');
  });
});
