/**
 * A moment as the wall clock of a time zone shows it, in the form of `orderKeyOf`: an update without a date of its own is
 * dated by its arrival, so that all updates of a lead stand in one order.
 */
export function localTimeKey(moment: Date, timeZone: string): string {
  const shown = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(moment);
  return `${shown.replace(' ', 'T')}.${String(moment.getUTCMilliseconds()).padStart(3, '0')}`;
}
