/** How many rows, in words. */
export function sayRows(n: number): string {
  return n === 1 ? '1 row' : `${n} rows`;
}

/** `rows 8, 29` or `rows 8, 29, …`. */
export function sayFirst(firstRows: readonly number[], n: number): string {
  const more = n > firstRows.length ? ', …' : '';
  return `${firstRows.length === 1 && more === '' ? 'row' : 'rows'} ${firstRows.join(', ')}${more}`;
}

/** Whole percent, but never 0 for something nor 100 for less than all. */
export function sayShare(share: number): string {
  if (share > 0 && share < 0.01) return 'under 1 %';
  return `${share < 1 ? Math.min(Math.round(share * 100), 99) : 100} %`;
}
