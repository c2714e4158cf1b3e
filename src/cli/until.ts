import { momentAheadExpected, readMomentAhead } from '../view/moment-ahead.ts';
import { UsageFault } from './usage-fault.ts';

/** Reads a moment to come, as typed; throws UsageFault. */
export function readUntil(
  option: string,
  text: string | undefined,
  at: { readonly now: Date; readonly timeZone: string },
): Date {
  const moment = text === undefined ? null : readMomentAhead(text, at);
  if (moment !== null) return moment;
  throw new UsageFault(
    `${option}: expected ${momentAheadExpected}; got ${text === undefined ? 'nothing' : `"${text}"`}`,
  );
}
