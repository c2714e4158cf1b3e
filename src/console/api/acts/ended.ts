import type { DeedEnd, NotDone, WhyNot } from '../../acts/deed.ts';
import { refuse, type Refusal, type RefusalCode } from '../refusal.ts';
import { done, type ApiEnd } from '../route.ts';

const codes: Readonly<Record<WhyNot, RefusalCode>> = {
  invalid: 'CONSOLE_REQUEST_INVALID',
  no_such: 'CONSOLE_NOT_FOUND',
  moved_on: 'CONSOLE_MOVED_ON',
  not_possible: 'CONSOLE_NOT_POSSIBLE',
  too_early: 'CONSOLE_TOO_EARLY',
  ledger_behind: 'LEDGER_BEHIND',
};

/** What a deed that was not done may be refused with. */
export const deedRefusals: readonly RefusalCode[] = ['CONSOLE_NOT_FOUND', 'CONSOLE_MOVED_ON', 'CONSOLE_NOT_POSSIBLE'];

export function refusedDeed({ why, says, waitMs }: NotDone): Refusal {
  return refuse(codes[why], says, waitMs === undefined ? {} : { retryAfterMs: waitMs });
}

/** How a deed ends: with what there is to be told of it by then. */
export async function ended<Done>(end: DeedEnd<Done>, tell: (end: Done) => unknown): Promise<ApiEnd> {
  return end.kind === 'refused' ? refusedDeed(end) : done(await tell(end));
}
