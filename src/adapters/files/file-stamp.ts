import type { BigIntStats } from 'node:fs';

/** Two looks with one stamp have seen the same file, unchanged as far as the file system says. */
export function stampOf(stats: BigIntStats): string {
  return `${stats.dev}-${stats.ino}-${stats.size}-${stats.mtimeNs}`;
}
