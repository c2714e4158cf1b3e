/** Something that stands until it is put right, by a name that a person can type. */
export interface Alarm {
  readonly alarm: string;
  /** How much of it there is: rows, files. More than were acknowledged are news. */
  readonly level: number;
  /** Since when, where it may end and begin again under the same name. */
  readonly since: Date | null;
}

/** A person knows of an alarm. */
export interface Acknowledgement {
  readonly alarm: string;
  readonly level: number;
  readonly at: Date;
  readonly until: Date;
  readonly actor: string;
  readonly reason: string;
}

/**
 * The acknowledgement that covers an alarm as it stands now, or null. It covers what was there when it was given: not
 * more of it, not what has ended since and begun again, and nothing after its time.
 */
export function acknowledgementOf(
  { alarm, level, since }: Alarm,
  given: readonly Acknowledgement[],
  now: Date,
): Acknowledgement | null {
  const own = given.find((one) => one.alarm === alarm);
  if (own === undefined || own.until <= now || level > own.level) return null;
  return since !== null && since > own.at ? null : own;
}
