import type { RefusedAct } from '../app/file-act.ts';
import type { BegunOnFile } from '../app/ports/file-claims.ts';
import type { AuditLine } from '../app/ports/ledger.ts';
import { showInstant } from './instant.ts';
import { sayLast } from './last-moment.ts';
import { fileTimeline } from './timeline.ts';

const doing = { cancel: 'cancelling it', reread: 'reading it again' } as const;

/** Of two who act on a file, what the one who was not the quickest is told: who was, when and why. Null: that is not it. */
export function sayTaken(
  { why, file, begun }: RefusedAct,
  history: readonly AuditLine[],
  timeZone: string,
): string | null {
  const id = file?.id ?? '';
  if (why === 'moved_on') {
    const last = sayLast(fileTimeline(history), timeZone);
    return `File ${id} has moved on since you looked at it: it is ${file?.state ?? 'gone'}. ${last} Nothing of yours was done.`;
  }
  if (why === 'under_way' && begun !== null) {
    return `${sayBegun(id, begun, timeZone)} Nothing of yours was done.`;
  }
  return null;
}

/** Who is at it, since when and why. */
export function sayBegun(id: string, { what, at, actor, reason }: BegunOnFile, timeZone: string): string {
  return `Somebody is at file ${id}: ${doing[what]} was begun ${showInstant(at, timeZone)}, "${reason}", by ${actor}, and has not ended.`;
}
