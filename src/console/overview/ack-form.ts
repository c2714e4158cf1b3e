import { html } from 'hono/html';
import { actForm } from '../acts/act-form.ts';
import type { Visitor } from '../door/visitor.ts';
import type { Html } from '../frame/frame.ts';
import type { GroupedNeed } from './grouped-needs.ts';

/** That somebody knows of it, or does no longer want to be left alone with it. */
export function ackForm(need: GroupedNeed, visitor: Visitor): Html {
  const { acknowledged, isUrgent, parts } = need;
  const [first] = parts;
  // Who starts no service is told again at each look: nobody could have asked the ledger about it.
  if (first === undefined || first.about?.kind === 'services') return html``;
  const id = `known-${first.alarm.replaceAll(/\W/g, '-')}`;
  const needs = 'operator' as const;
  if (acknowledged !== null) {
    const hidden = { alarm: first.alarm };
    return actForm(visitor, { to: '/alarms/withdraw', id, needs, label: 'Make it news again', hidden });
  }
  if (!isUrgent) return html``;
  return actForm(visitor, {
    to: '/alarms/known',
    id,
    needs,
    label: 'It is known',
    about: 'It is no longer red until then. It covers what is there now: more of it is news.',
    hidden: { alarm: parts.map(({ alarm, level }) => `${level} ${alarm}`) },
    fields: html`<p>
      <label for="${id}-until">Until</label>
      <input id="${id}-until" name="until" value="4h" required aria-describedby="${id}-times" autocomplete="off" />
      <span class="quiet" id="${id}-times">4h, 18:00 or a date</span>
    </p>`,
  });
}
