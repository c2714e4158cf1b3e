const format = new Intl.NumberFormat('en');

/** `1,234,567` */
export function showNumber(n: number): string {
  return format.format(n);
}
