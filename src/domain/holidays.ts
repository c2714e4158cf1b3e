/** Days on which nothing is expected. */
export interface Holidays {
  /** The national ones of Spain. Those of regions and towns, and Mondays instead of Sundays, have to be named. */
  readonly spain: boolean;
  /** `2026-11-09`, or `12-24` for every year. */
  readonly dates: readonly string[];
}

export const noHolidays: Holidays = { spain: false, dates: [] };

const everyYearInSpain: ReadonlySet<string> = new Set([
  '01-01',
  '01-06',
  '05-01',
  '08-15',
  '10-12',
  '11-01',
  '12-06',
  '12-08',
  '12-25',
]);

export function isHoliday(date: string, { spain, dates }: Holidays): boolean {
  const dayOfYear = date.slice(5);
  if (dates.includes(date) || dates.includes(dayOfYear)) return true;
  return spain && (everyYearInSpain.has(dayOfYear) || dayOfYear === goodFriday(Number(date.slice(0, 4))));
}

/** `MM-DD`, two days before Easter by the rule of Meeus, Jones and Butcher. */
function goodFriday(year: number): string {
  const [golden, century, yearOfCentury] = [year % 19, Math.floor(year / 100), year % 100];
  const moonShift = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const fullMoon = (19 * golden + century - Math.floor(century / 4) - moonShift + 15) % 30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(yearOfCentury / 4) - fullMoon - (yearOfCentury % 4)) % 7;
  const late = Math.floor((golden + 11 * fullMoon + 22 * weekday) / 451);
  const easter = fullMoon + weekday - 7 * late + 114;
  const sunday = Date.UTC(year, Math.floor(easter / 31) - 1, (easter % 31) + 1);
  return new Date(sunday - 2 * 24 * 3_600_000).toISOString().slice(5, 10);
}
