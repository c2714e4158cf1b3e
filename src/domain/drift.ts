import type { Problem } from './problem.ts';

/** What is kept of a file to compare later ones with: numbers and a keyed hash, no name and no value of the partner's. */
export interface FileProfile {
  /** Keyed hash of the column names, in order. Null for files that were read before there was a guard. */
  readonly header: string | null;
  /** Records that could be read. */
  readonly rows: number;
  /** By field of the contract or the ledger: the rows in which it is filled. A field without a column is not named. */
  readonly filled: Readonly<Record<string, number>>;
  readonly configVersion: string;
}

/** What holds a file. Null: not asked. */
export interface DriftRules {
  readonly header: boolean;
  /** So many percent fewer rows than usual, or less. */
  readonly smallerPercent: number | null;
  /** More than so many times the usual rows. */
  readonly biggerTimes: number | null;
  /** Empty, and filled in more than so many percent of the rows before. */
  readonly emptiedPercent: number | null;
}

/** Earlier files that are asked about. */
export const filesCompared = 10;

/** One file says nothing about what is usual, and two don't say which of them was. */
const fewestFiles = 3;
/** Below so many rows chance alone makes one file half as long as the next. */
const smallestUsual = 20;
/** A share of fewer rows means nothing. */
const fewestRows = 5;
/** A stray value does not fill a column. */
const emptyShare = 0.01;

/**
 * What is unlike the accepted files of the same partner and kind before it, newest first. Empty: nothing that a person
 * has to look at.
 */
export function findDrift(
  file: FileProfile,
  earlier: readonly FileProfile[],
  { header, smallerPercent, biggerTimes, emptiedPercent }: DriftRules,
): readonly Problem[] {
  const problems: Problem[] = [];
  const last = earlier.find((one) => one.header !== null);
  if (header && last !== undefined && last.header !== file.header) problems.push({ code: 'FILE_HEADER_CHANGED' });

  const usual = earlier.length < fewestFiles ? null : median(earlier.map(({ rows }) => rows));
  if (usual !== null) {
    const least = smallerPercent === null || usual < smallestUsual ? -1 : usual * (1 - smallerPercent / 100);
    const most = biggerTimes === null ? Infinity : Math.max(usual, smallestUsual) * biggerTimes;
    if (file.rows <= least || file.rows > most) {
      problems.push({ code: 'FILE_SIZE_UNUSUAL', detail: { rows: file.rows, usual: Math.round(usual) } });
    }
  }

  if (emptiedPercent !== null && file.rows >= fewestRows) {
    for (const { field, percent } of fieldsThatWereFilled(earlier, emptiedPercent)) {
      if (isEmpty(file, field, earlier)) {
        problems.push({ code: 'FILE_COLUMN_EMPTY', column: field, detail: { percent } });
      }
    }
  }
  return problems;
}

/** Of all rows of the files that have the field, so that one odd file among ten does not change what is usual. */
function fieldsThatWereFilled(earlier: readonly FileProfile[], percent: number) {
  const sums = new Map<string, { rows: number; filled: number }>();
  for (const { rows, filled } of earlier) {
    for (const [field, n] of Object.entries(filled)) {
      const sum = sums.get(field) ?? { rows: 0, filled: 0 };
      sums.set(field, { rows: sum.rows + rows, filled: sum.filled + n });
    }
  }
  return [...sums].flatMap(([field, sum]) =>
    sum.rows >= fewestRows && sum.filled * 100 > sum.rows * percent
      ? [{ field, percent: Math.round((sum.filled / sum.rows) * 100) }]
      : [],
  );
}

/** A field that has lost its column counts, unless the config has changed: then somebody has decided so. */
function isEmpty(file: FileProfile, field: string, earlier: readonly FileProfile[]): boolean {
  const filled = file.filled[field];
  if (filled === undefined) return earlier[0]?.configVersion === file.configVersion;
  return filled <= file.rows * emptyShare;
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? 0) + high) / 2;
}
