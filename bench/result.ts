/** What a measure came to, beside what it is to come to (docs/benchmarks.md). */
export interface Result {
  readonly name: string;
  /** One for each round: leadsync beside what it is compared with, in the same round. */
  readonly ratios: readonly number[];
  /** Null: there is none, and it is only shown. */
  readonly budget: number | null;
  readonly bound: 'at least' | 'at most';
  /** Absolute figures, of this machine. */
  readonly says: string;
}

/** The value below which this share of them lies, itself one of them. */
export function percentile(values: readonly number[], share: number): number {
  return values.toSorted((one, two) => one - two)[Math.floor((values.length - 1) * share)] ?? Number.NaN;
}

/** The middle one; of an even number the lower of the two. */
export const median = (values: readonly number[]): number => percentile(values, 0.5);

export function isMet({ ratios, budget, bound }: Result): boolean {
  if (budget === null) return true;
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
  const aim = budget === null ? '' : `, ${bound} ${budget}`;
  return `${verdictOf(result).padEnd(8)}${name}\n        ${shown(median(ratios))}${spread}${aim}; ${says}`;
}

export function verdictOf(result: Result): string {
  if (result.budget === null) return '';
  return isMet(result) ? 'met' : 'NOT MET';
}

export const shown = (ratio: number): string => ratio.toPrecision(3);

const round = (ratio: number): number => Number(ratio.toPrecision(4));
