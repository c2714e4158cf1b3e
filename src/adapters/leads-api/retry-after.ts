const shortestMs = 1_000;
const longestMs = 15 * 60_000;

/**
 * Retry-After as milliseconds from now, between 1 s and 15 min; seconds or an HTTP date. A date is measured against the
 * answer's own `Date` where it has one, so that clocks that differ don't matter. Null: absent or not readable.
 */
export function readRetryAfter(value: string | null, answeredAt: string | null, nowMs: number): number | null {
  if (value === null) return null;
  const trimmed = value.trim();
  const waitMs = /^\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) * 1_000 : untilDate(trimmed, answeredAt, nowMs);
  return waitMs === null ? null : Math.min(Math.max(Math.ceil(waitMs), shortestMs), longestMs);
}

function untilDate(date: string, answeredAt: string | null, nowMs: number): number | null {
  const at = parseHttpDate(date);
  return at === null ? null : at - (parseHttpDate(answeredAt ?? '') ?? nowMs);
}

/** HTTP dates begin with the day's name; Date.parse alone takes '-5' for a year. */
function parseHttpDate(text: string): number | null {
  const at = /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}
