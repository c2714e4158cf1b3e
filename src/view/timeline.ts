import type { AuditLine } from '../app/ports/ledger.ts';
import { isRowState } from './outcome-words.ts';
import type { RowState } from '../app/ports/row.ts';
import type { ToldAttempt } from './told-call.ts';

/** One moment of a row's life, in words. */
export interface Moment {
  readonly at: Date;
  readonly says: string;
  /** The state that the row came to; null: it stayed where it was, or this is a call. */
  readonly to: RowState | null;
  /** What an update is called; null: the lead itself. */
  readonly of: string | null;
  /** The call that was begun; null: this is none. */
  readonly call: ToldAttempt | null;
}

/** What happened to one row. */
export interface Lived {
  readonly history: readonly AuditLine[];
  readonly attempts: readonly ToldAttempt[];
}

/** The lives of a lead and of its updates as one, oldest first. `updates` are named by what they are called. */
export function wholeTimeline(
  lead: Lived,
  updates: readonly (Lived & { readonly called: string })[],
): readonly Moment[] {
  const moments = [
    ...timeline(lead.history, lead.attempts),
    ...updates.flatMap(({ called, history, attempts }) =>
      timeline(history, attempts).map((moment) => ({ ...moment, of: called })),
    ),
  ];
  return moments.toSorted((a, b) => a.at.getTime() - b.at.getTime());
}

/** What happened to a row, oldest first: its audit lines and its attempts with their evidence. */
function timeline(history: readonly AuditLine[], attempts: readonly ToldAttempt[]): readonly Moment[] {
  // An intent and its attempt are written together: the intent first where their milliseconds are the same.
  const moments = [
    ...history.map((line) => ({ at: line.at, says: sayLine(line), to: stateOf(line), of: null, call: null })),
    ...attempts.map((attempt) => ({
      at: attempt.begunAt,
      says: sayAttempt(attempt),
      to: null,
      of: null,
      call: attempt,
    })),
  ];
  return moments.toSorted((a, b) => a.at.getTime() - b.at.getTime());
}

function stateOf({ from, to }: AuditLine): RowState | null {
  return to !== null && to !== from && isRowState(to) ? to : null;
}

function sayLine({ action, from, to, code, reason, actor }: AuditLine): string {
  const move = to === null || from === to ? null : `${from === null ? '' : `${from} → `}${to}`;
  const what = move === null ? action : action === `row.${to}` ? move : `${action}: ${move}`;
  const why = [code, reason === null ? null : `"${reason}"`].filter((part) => part !== null);
  return `${what}${why.length === 0 ? '' : `, ${why.join(', ')}`}, by ${actor}`;
}

function sayAttempt(attempt: ToldAttempt): string {
  const { id, step, begunAt, endedAt, evidence, httpStatus, outcome, code, leadId } = attempt;
  const ended =
    endedAt === null
      ? ['no answer written down']
      : [
          `${outcome ?? 'ended'} after ${endedAt.getTime() - begunAt.getTime()} ms`,
          httpStatus === null ? null : `HTTP ${httpStatus}`,
          code,
          leadId === null ? null : `leadId ${leadId}`,
          evidence?.replaceAll('_', ' ') ?? null,
        ];
  return `${step} begun, X-Request-Id ${id}: ${ended.filter((part) => part !== null).join(', ')}`;
}

/** The moves of a row alone, oldest first. */
export function rowTimeline(history: readonly AuditLine[]): readonly Moment[] {
  return timeline(history, []);
}

/** What happened to a file itself, oldest first. */
export function fileTimeline(history: readonly AuditLine[]): readonly Moment[] {
  return history.map((line) => ({ at: line.at, says: sayLine(line), to: null, of: null, call: null }));
}
