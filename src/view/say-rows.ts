/** `1 row`, `17 rows`. */
export function sayRows(n: number): string {
  return `${n} ${n === 1 ? 'row' : 'rows'}`;
}
