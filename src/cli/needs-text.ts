import { showInstant } from '../view/instant.ts';
import type { NeedsPerson } from '../view/needs-person.ts';
import { oneLine, wrapText } from './text-width.ts';

/** What needs a person with the command for each, what people know of, and what is worth knowing. */
export function formatNeeds(needs: readonly NeedsPerson[], timeZone: string, width: number): string {
  const news = needs.filter((need) => need.isUrgent && need.acknowledged === null);
  const known = needs.filter((need) => need.isUrgent && need.acknowledged !== null);
  const others = needs.filter((need) => !need.isUrgent);
  const sections = [
    news.length === 0
      ? 'Nothing needs a person.'
      : section(
          'Needs a person',
          news.map((need) => say(need, width)),
        ),
    section(
      'Known already',
      known.map((need) => sayKnown(need, timeZone, width)),
    ),
    section(
      'Worth knowing',
      others.map((need) => say(need, width)),
    ),
  ];
  return sections.filter((text) => text !== '').join('\n\n');
}

function section(heading: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [heading, ...lines].join('\n');
}

function say({ what, then, command }: NeedsPerson, width: number): string {
  return [wrapText(oneLine(`${what}. ${then}`), width, '  '), `    ${command}`].join('\n');
}

function sayKnown({ what, command, acknowledged }: NeedsPerson, timeZone: string, width: number): string {
  if (acknowledged === null) return '';
  const { actor, reason, until } = acknowledged;
  const known = `until ${showInstant(until, timeZone).slice(0, 16)} by ${actor}: ${reason}`;
  return [wrapText(oneLine(`${what}. Known ${known}`), width, '  '), `    ${command}`].join('\n');
}
