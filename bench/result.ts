/** What a measure came to, beside what it is to come to (docs/benchmarks.md). */
export interface Result {
  readonly name: string;
  /** One for each round: leadsync beside what it is compared with, in the same round. */
  readonly ratios: readonly number[];
  readonly budget: number;
  readonly bound: 'at least' | 'at most';
  /** Absolute figures, of this machine. */
  readonly says: string;
}

/** The middle one; of an even number the lower of the two. */
export function median(values: readonly number[]): number {
  return values.toSorted((one, two) => one - two)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}

export function isMet({ ratios, budget, bound }: Result): boolean {
  return bound === 'at least' ? median(ratios) >= budget : median(ratios) <= budget;
}

export function resultJson(result: Result): object {
  const { name, ratios, budget, bound, says } = result;
  return {
    name,
    ratio: round(median(ratios)),
    budget,
    bound,
    met: isMet(result),
    least: round(Math.min(...ratios)),
    most: round(Math.max(...ratios)),
    rounds: ratios.length,
    says,
  };
}

export function resultLine(result: Result): string {
  const { name, ratios, budget, bound, says } = result;
  const spread = ratios.length > 1 ? ` (${shown(Math.min(...ratios))} to ${shown(Math.max(...ratios))})` : '';
  const verdict = isMet(result) ? 'met' : 'NOT MET';
  return `${verdict.padEnd(8)}${name}\n        ${shown(median(ratios))}${spread}, ${bound} ${budget}; ${says}`;
}

export const shown = (ratio: number): string => ratio.toPrecision(3);

const round = (ratio: number): number => Number(ratio.toPrecision(4));
