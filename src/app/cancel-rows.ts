import type { CancelLedger } from './ports/cancel-ledger.ts';
import type { Act } from './ports/held-files.ts';
import type { RowSelection } from './ports/replay-ledger.ts';

const pageRows = 2_000;

/**
 * Takes rows out of work of which nothing was sent, page by page: failed ones too, and rejected ones where the selection
 * asks for them. What was announced meanwhile stays. Broken off, it may be repeated.
 */
export async function cancelRows(
  { cancels }: { readonly cancels: CancelLedger },
  selection: RowSelection,
  upTo: string,
  act: Act,
  done: (rows: number) => void = () => undefined,
): Promise<number> {
  let sum = 0;
  for (let after: string | null = '0'; after !== null;) {
    const { last, cancelled }: Awaited<ReturnType<CancelLedger['cancelSome']>> = await cancels.cancelSome(
      selection,
      { after, upTo, limit: pageRows },
      act,
    );
    after = last;
    sum += cancelled;
    done(sum);
  }
  return sum;
}
