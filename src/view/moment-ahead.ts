import { addDays, localTimeAt, momentOf } from '../domain/local-time.ts';
import { readDuration } from './duration.ts';
import { readInstant } from './instant.ts';

interface At {
  readonly now: Date;
  readonly timeZone: string;
}

const longestMs = 92 * 24 * 3_600_000;

/** For who typed something else. */
export const momentAheadExpected = 'a moment to come, within 92 days, such as 4h, 18:00 or 2026-11-30';

/**
 * Reads a moment to come, as typed: `2h` from now, `18:00` the next time, a date (its end), a date and a time. Who knows
 * of something for more than a quarter of a year has forgotten it. Null: it is none.
 */
export function readMomentAhead(text: string, at: At): Date | null {
  const moment = momentIn(text.trim(), at);
  const aheadMs = (moment?.getTime() ?? 0) - at.now.getTime();
  return aheadMs > 0 && aheadMs <= longestMs ? moment : null;
}

function momentIn(text: string, { now, timeZone }: At): Date | null {
  const fromNowMs = readDuration(text);
  if (fromNowMs !== null) return new Date(now.getTime() + fromNowMs);
  if (/^([01]\d|2[0-3]):[0-5]\d$/.test(text)) {
    const { date } = localTimeAt(now, timeZone);
    const today = momentOf({ date, time: text }, timeZone);
    return today > now ? today : momentOf({ date: addDays(date, 1), time: text }, timeZone);
  }
  return readInstant(text, { now, timeZone }, { endOfDay: true });
}
