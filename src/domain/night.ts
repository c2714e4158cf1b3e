import { addDays, isDate, localTimeAt, momentOf } from './local-time.ts';

/** A night begins and ends here: what comes in the afternoon is for the next morning. */
const noon = '12:00';

/**
 * The business date of a moment: the night from noon to noon, by the date of the morning in which it ends. A run at 22:00
 * and one at 02:00 are of one night, and so is what a person looks at over breakfast.
 */
export function nightOf(moment: Date, timeZone: string): string {
  const { date, time } = localTimeAt(moment, timeZone);
  return time < noon ? date : addDays(date, 1);
}

/** The night in which a moment is the last: an hour at noon is of the night that ends there. */
export function nightUpTo(moment: Date, timeZone: string): string {
  return nightOf(new Date(moment.getTime() - 1), timeZone);
}

/** A date as a night is called by; of no year that the wall clock of a time zone or PostgreSQL can't tell. */
export function isNight(text: string): boolean {
  return isDate(text) && text >= '1900-01-01' && text < '3000';
}

/** From its noon up to the next one. */
export function spanOfNight(night: string, timeZone: string): { readonly from: Date; readonly to: Date } {
  return {
    from: momentOf({ date: addDays(night, -1), time: noon }, timeZone),
    to: momentOf({ date: night, time: noon }, timeZone),
  };
}
