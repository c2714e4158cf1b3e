const months: readonly (readonly string[])[] = [
  ['enero', 'january'],
  ['febrero', 'february'],
  ['marzo', 'march'],
  ['abril', 'april'],
  ['mayo', 'may'],
  ['junio', 'june'],
  ['julio', 'july'],
  ['agosto', 'august'],
  ['septiembre', 'setiembre', 'september'],
  ['octubre', 'october'],
  ['noviembre', 'november'],
  ['diciembre', 'december'],
];

/** The month, 1 to 12, that a Spanish or English word names: whole, or its first three letters or four (`sept`). Else null. */
export function monthOf(word: string): number | null {
  const name = word.toLowerCase();
  const month = months.findIndex((names) =>
    names.some((full) => name === full || ([3, 4].includes(name.length) && full.startsWith(name))),
  );
  return month === -1 ? null : month + 1;
}
