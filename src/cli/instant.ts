import { readDuration } from './duration.ts';

/**
 * Reads a moment: `2026-06-01`, `2026-06-01 02:30[:15]` in the installation's time zone, the same with `Z` or an offset,
 * or how long ago it was (`2h`, `7d`). A date alone is its first moment or, with `endOfDay`, the next day's. Null: not readable.
 */
export function readInstant(
  text: string,
  at: { readonly now: Date; readonly timeZone: string },
  options: { readonly endOfDay?: boolean } = {},
): Date | null {
  const agoMs = readDuration(text);
  if (agoMs !== null) return new Date(at.now.getTime() - agoMs);
  const parts = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)\s*(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(
    text.trim(),
  );
  const [, date, time, offset] = parts ?? [];
  if (date === undefined) return null;
  if (offset !== undefined) return existing(`${date}T${time ?? ''}${offset}`);
  const local = existing(`${date}T${time ?? '00:00'}Z`);
  if (local === null || local.toISOString().slice(0, 10) !== date) return null;
  if (time === undefined && options.endOfDay === true) local.setUTCDate(local.getUTCDate() + 1);
  return inZone(local, at.timeZone);
}

/** `2026-06-01 02:30:15`, in the installation's time zone. */
export function showInstant(instant: Date, timeZone: string): string {
  return clockIn(timeZone).format(instant);
}

function existing(text: string): Date | null {
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) ? null : instant;
}

/** The instant at which the zone's clocks show what `shown` shows in UTC. Twice, as the first guess may lie beyond a change of the clocks. */
function inZone(shown: Date, timeZone: string): Date {
  const aheadMs = (instant: number): number =>
    new Date(`${clockIn(timeZone).format(instant).replace(' ', 'T')}Z`).getTime() - Math.floor(instant / 1_000) * 1_000;
  const guess = shown.getTime() - aheadMs(shown.getTime());
  return new Date(shown.getTime() - aheadMs(guess));
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockIn(timeZone: string): Intl.DateTimeFormat {
  const clock =
    clocks.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  clocks.set(timeZone, clock);
  return clock;
}
