import type { Ports, Turn } from './ports.ts';
import type { CallResult } from './ports/leads-api.ts';
import type { SendBudget } from './send-budget.ts';
import { withheld, withoutPlace } from './withheld.ts';

/** The call, once there is a place for it; waits for one as long as the request may leave and nobody has told us to stop. */
export async function callInPlace<A>(
  { stopping }: Pick<Ports, 'stopping'>,
  { turn, budget }: { readonly turn: Turn; readonly budget: SendBudget },
  call: () => Promise<CallResult<A>>,
): Promise<CallResult<A>> {
  const leftMs = budget.leftMs();
  if (await turn.begin(leftMs, stopping)) return call();
  return leftMs > 0 ? withoutPlace : withheld;
}
