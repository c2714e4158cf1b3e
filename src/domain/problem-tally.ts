import type { FaultCode } from './faults.ts';
import type { Problem } from './problem.ts';

export interface ProblemCount {
  readonly code: FaultCode;
  /** The field of the contract, where the problem has one. */
  readonly column: string | null;
  readonly rows: number;
  readonly firstRows: readonly number[];
}

const mostRows = 5;

/** Counts problems by code and field. */
export function createProblemTally() {
  const counts = new Map<string, { code: FaultCode; column: string | null; rows: number; firstRows: number[] }>();
  return {
    /** A row that has the same problem twice counts once. */
    add(row: number, problems: readonly Problem[]): void {
      const seen = new Set<string>();
      for (const { code, column = null } of problems) {
        const key = `${code} ${column ?? ''}`;
        if (seen.has(key)) continue;
        seen.add(key);
        const count = counts.get(key) ?? { code, column, rows: 0, firstRows: [] };
        count.rows++;
        if (count.firstRows.length < mostRows) count.firstRows.push(row);
        counts.set(key, count);
      }
    },
    /** Most rows first. */
    result: (): readonly ProblemCount[] => [...counts.values()].toSorted((a, b) => b.rows - a.rows),
  };
}
