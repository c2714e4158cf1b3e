/** Why nothing was done. */
export type WhyNot =
  /** Something that was said could not be understood. */
  | 'invalid'
  | 'no_such'
  /** Somebody was quicker, or it went on by itself. */
  | 'moved_on'
  /** Not as things stand. */
  | 'not_possible'
  | 'too_early'
  | 'ledger_behind';

export interface NotDone {
  readonly kind: 'refused';
  readonly why: WhyNot;
  /** To who wanted it. */
  readonly says: string;
  /** How long until it is possible. */
  readonly waitMs?: number;
}

/** What has become of a wish, on whatever way it came: by a form of a page, or by the JSON API. */
export type DeedEnd<Done = object> = ({ readonly kind: 'done' } & Done) | NotDone;

export function notDone(why: WhyNot, says: string, waitMs?: number): NotDone {
  return { kind: 'refused', why, says, ...(waitMs === undefined ? {} : { waitMs }) };
}
