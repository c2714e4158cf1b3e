const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;
const spanish = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[\s,T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;

/**
 * A date of the partner as text that sorts by time, or null when it is none: dd/mm/yyyy and ISO, with or without a time.
 * One column is written in one way, so a time without a zone is compared as it stands; one with a zone as UTC.
 */
export function orderKeyOf(text: string): string | null {
  const parts = iso.exec(text);
  if (parts !== null) {
    const [, year, month, day, hour, minute, second, fraction = '', zone] = parts;
    const milliseconds = fraction.slice(0, 3).padEnd(3, '0');
    return sortable([year, month, day, hour, minute, second, milliseconds], zone);
  }
  const local = spanish.exec(text);
  if (local === null) return null;
  const [, day, month, year, hour, minute, second] = local;
  return sortable([year, month, day, hour, minute, second], undefined);
}

function sortable(parts: readonly (string | undefined)[], zone: string | undefined): string | null {
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
