import { showInstant } from './instant.ts';
import type { Moment } from './timeline.ts';

/** What happened last, for who was not the quickest: who did what, when and why. '' where nothing is written down. */
export function sayLast(moments: readonly Moment[], timeZone: string): string {
  const last = moments.at(-1);
  return last === undefined ? '' : `Last, ${showInstant(last.at, timeZone)}: ${last.says}.`;
}
