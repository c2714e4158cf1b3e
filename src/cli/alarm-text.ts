import { showInstant } from '../view/instant.ts';
import type { NeedsPerson } from '../view/needs-person.ts';
import { oneLine, wrapText } from './text-width.ts';

/** Alarms by name, each with what it is; the name is there to be copied. */
export function formatAlarms(
  needs: readonly NeedsPerson[],
  { timeZone, width }: { readonly timeZone: string; readonly width: number },
): string {
  if (needs.length === 0) return 'no alarm stands';
  return needs
    .map((need) => [`${need.alarm}  ${standing(need, timeZone)}`, wrapText(oneLine(need.what), width, '  ')].join('\n'))
    .join('\n');
}

function standing({ isUrgent, acknowledged }: NeedsPerson, timeZone: string): string {
  if (acknowledged === null) return isUrgent ? 'RED' : 'worth knowing';
  return `known until ${showInstant(acknowledged.until, timeZone).slice(0, 16)}`;
}
