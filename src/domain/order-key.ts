import { monthOf } from './month-of.ts';

const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;
// `9:30 AM` beside 05/11/2026 is as likely American, where it is the 11th of May; `a. m.` is Spanish.
const spanish = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[\s,T]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*([ap]\. ?m\.))?)?$/i;

const clock = String.raw`(?:[\s,]+(?:a las |at )?(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*([ap]\.?\s?m\.?)|\s*h)?)?`;
const weekday = String.raw`(?:\p{L}{3,9}\.?,?\s+)?`;
/** `23 de noviembre de 2026`, `23-nov-2026`. */
const dayFirst = new RegExp(
  String.raw`^${weekday}(\d{1,2})(?: de |[\s/-])(\p{L}{3,10})\.?(?: del? |[\s/-])(\d{4})${clock}$`,
  'iu',
);
/** `Nov 23, 2026`. */
const monthFirst = new RegExp(String.raw`^${weekday}(\p{L}{3,10})\.? (\d{1,2}),? (\d{4})${clock}$`, 'iu');

type Part = string | number | undefined;

/**
 * A date of the partner as text that sorts by time, or null when it is none: dd/mm/yyyy, ISO, and months as words in
 * Spanish and English, each with or without a time. One column is written in one way, so a time without a zone is
 * compared as it stands; one with a zone as UTC.
 */
export function orderKeyOf(text: string): string | null {
  const parts = iso.exec(text);
  if (parts !== null) {
    const [, year, month, day, hour, minute, second, fraction = '', zone] = parts;
    const milliseconds = fraction.slice(0, 3).padEnd(3, '0');
    return sortable([year, month, day, hour, minute, second, milliseconds], zone);
  }
  const local = spanish.exec(text);
  if (local !== null) {
    const [, day, month, year, hour, minute, second, half] = local;
    return sortable([year, month, day, hourOf(hour, half), minute, second]);
  }
  return orderKeyOfWords(text);
}

function orderKeyOfWords(text: string): string | null {
  const [, day, word = '', year, ...time] = dayFirst.exec(text) ?? swapped(monthFirst.exec(text)) ?? [];
  const [hour, minute, second, half] = time;
  const month = monthOf(word);
  return month === null ? null : sortable([year, month, day, hourOf(hour, half), minute, second]);
}

function swapped(match: readonly string[] | null): readonly (string | undefined)[] | null {
  if (match === null) return null;
  const [all, month, day, ...rest] = match;
  return [all, day, month, ...rest];
}

/** The hour of 24. With `a. m.` or `p. m.` an hour over 12 is no hour. */
function hourOf(hour: string | undefined, half: string | undefined): Part {
  if (hour === undefined || half === undefined) return hour;
  if (Number(hour) < 1 || Number(hour) > 12) return NaN;
  return (Number(hour) % 12) + (half.toLowerCase().startsWith('p') ? 12 : 0);
}

function sortable(parts: readonly Part[], zone?: string): string | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, ms = 0] = parts.map((part) =>
    Number(part ?? 0),
  );
  const time = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  const date = new Date(time);
  // 31/02 rolls over instead of failing.
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hour;
  if (!isReal || minute > 59 || second > 59) return null;
  return new Date(time - minutesOf(zone) * 60_000).toISOString().slice(0, -1);
}

function minutesOf(zone: string | undefined): number {
  if (zone === undefined || /^z$/i.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith('-') ? -minutes : minutes;
}
