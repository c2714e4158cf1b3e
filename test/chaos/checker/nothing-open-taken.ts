import type { Check, Taken } from './evidence.ts';

/** Rows of which a request may be out, or that a person still has to judge. */
const waits: ReadonlySet<string> = new Set(['submitting', 'pushing', 'in_doubt']);

/** What retention leaves alone, however old it is. */
const open: ReadonlySet<string> = new Set([...waits, 'received', 'waiting', 'checked', 'registered_without_id']);

/** A row loses what it says when it has ended, or, where its person is erased, by being cancelled before it was ever sent. */
export const nothingOpenTaken: Check = ({ taken }) =>
  taken.filter(isWrong).map(({ rowId, from, to, by }) => ({
    rule: 'nothing open taken' as const,
    detail: `row ${rowId} was ${from} when ${by} took what it says, and is ${to}`,
  }));

function isWrong({ from, to, by }: Taken): boolean {
  return by === 'retention' ? open.has(from) || from !== to : waits.has(from) || open.has(to);
}
