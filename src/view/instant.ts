import { addDays, isDate, momentOf } from '../domain/local-time.ts';
import { readDuration } from './duration.ts';

/**
 * Reads a moment: `2026-06-01`, `2026-06-01 02:30[:15]` in the installation's time zone, the same with `Z` or an offset,
 * or how long ago it was (`2h`, `7d`). A date alone is its first moment or, with `endOfDay`, the next day's. Null: not readable,
 * or in no year that a ledger has to do with.
 */
export function readInstant(
  text: string,
  at: { readonly now: Date; readonly timeZone: string },
  options: { readonly endOfDay?: boolean } = {},
): Date | null {
  const agoMs = readDuration(text);
  const ago = agoMs === null ? null : new Date(at.now.getTime() - agoMs);
  if (ago !== null) return isInKnownYear(ago.getUTCFullYear()) ? ago : null;
  const parts = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)\s*(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(
    text.trim(),
  );
  const [, date, time, offset] = parts ?? [];
  if (date === undefined || !isInKnownYear(Number(date.slice(0, 4)))) return null;
  if (offset !== undefined) return existing(`${date}T${time ?? ''}${offset}`);
  if (!isDate(date) || existing(`${date}T${time ?? '00:00'}Z`) === null) return null;
  if (time === undefined && options.endOfDay === true)
    return momentOf({ date: addDays(date, 1), time: '00:00' }, at.timeZone);
  return momentOf({ date, time: time ?? '00:00' }, at.timeZone);
}

/** `2026-06-01 02:30:15`, in the installation's time zone. */
export function showInstant(instant: Date, timeZone: string): string {
  return clockIn(timeZone).format(instant);
}

/** PostgreSQL knows no moment of a thousand thousand weeks ago, and the day after 9999-12-31 has no text. */
function isInKnownYear(year: number): boolean {
  return year >= 1900 && year <= 2999;
}

function existing(text: string): Date | null {
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) ? null : instant;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockIn(timeZone: string): Intl.DateTimeFormat {
  const clock =
    clocks.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  clocks.set(timeZone, clock);
  return clock;
}
