import type { NeedsPerson } from './needs-person.ts';

/** What needs a person, for scripts. Names are promises. */
export function needsJson(needs: readonly NeedsPerson[]) {
  return needs.map(({ alarm, what, then, command, isUrgent, level, since, acknowledged }) => ({
    alarm,
    what,
    then,
    command,
    isUrgent,
    level,
    since,
    acknowledged:
      acknowledged === null
        ? null
        : { until: acknowledged.until, actor: acknowledged.actor, reason: acknowledged.reason },
  }));
}
