/** Where the account has no limit. */
const unlimitedRate = 100;
const mostRate = 10_000;

/** Rows a second as typed, or as the account allows where nothing is. Null: it is no such number. */
export function replayRate(text: string, { ratePerSecond }: { readonly ratePerSecond: number }): number | null {
  if (text.trim() === '') return Math.ceil(ratePerSecond) || unlimitedRate;
  const rate = Number(text);
  return Number.isInteger(rate) && rate >= 1 && rate <= mostRate ? rate : null;
}
