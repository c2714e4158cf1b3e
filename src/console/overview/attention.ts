import { html } from 'hono/html';
import type { NeedsPerson } from '../../view/needs-person.ts';
import type { Html } from '../frame/frame.ts';
import { hrefOfFile, hrefOfRows } from '../shown/hrefs.ts';
import { showNumber } from '../shown/number.ts';
import { since } from '../shown/when.ts';
import { groupNeeds, type GroupedNeed } from './grouped-needs.ts';

interface At {
  readonly now: Date;
  readonly timeZone: string;
}

/** Is anything wrong, since when, and what to do: the first thing that anybody looks for. */
export function attention(needs: readonly NeedsPerson[], at: At): Html {
  const grouped = groupNeeds(needs);
  const urgent = grouped.filter(({ isUrgent }) => isUrgent);
  return html`${headline(urgent, at)}
  ${
    urgent.length === 0
      ? ''
      : html`<ul class="needs urgent" aria-label="Needs a person">
          ${urgent.map((need) => item(need, at))}
        </ul>`
  }`;
}

/** What nobody has to act on. */
export function worthKnowing(needs: readonly NeedsPerson[], at: At): Html {
  const others = groupNeeds(needs).filter(({ isUrgent }) => !isUrgent);
  if (others.length === 0) return html``;
  return html`<section aria-labelledby="knowing">
    <h2 id="knowing">Worth knowing</h2>
    <ul class="needs">
      ${others.map((need) => item(need, at))}
    </ul>
  </section>`;
}

function headline(urgent: readonly GroupedNeed[], { now, timeZone }: At): Html {
  if (urgent.length === 0) return html`<h1 class="verdict good">All is well: nothing needs a person</h1>`;
  const times = urgent.flatMap((need) => (need.since === null ? [] : [need.since.getTime()]));
  const first = times.length === 0 ? null : new Date(Math.min(...times));
  const things = urgent.length === 1 ? 'One thing needs' : `${urgent.length} things need`;
  return html`<div class="title">
    <h1 class="verdict bad">${things} a person</h1>
    ${first === null ? '' : html`<p class="quiet">the first for ${since(first, now, timeZone)}</p>`}
  </div>`;
}

function item(need: GroupedNeed, { now, timeZone }: At): Html {
  const [only, ...others] = need.about;
  const href = only === undefined || others.length > 0 ? null : hrefOf(only);
  const what = upperFirst(need.what);
  return html`<li class="card">
    <p class="what">
      ${href === null ? html`<b>${what}</b>` : html`<a href="${href}"><b>${what}</b></a>`}
      ${need.since === null ? '' : html`<span class="quiet">for ${since(need.since, now, timeZone)}</span>`}
    </p>
    ${
      others.length === 0
        ? ''
        : html`<ul class="outcomes">
            ${need.about.map(partnerLink)}
          </ul>`
    }
    <p>
      ${need.then} <span class="quiet">On a terminal: <code>${need.command}</code></span>
    </p>
  </li>`;
}

function partnerLink(about: NeedsPerson['about']): Html {
  if (about.kind !== 'rows') return html``;
  return html`<li>
    <a href="${hrefOf(about)}">${about.partner} <b>${showNumber(about.n)}</b></a>
  </li>`;
}

/** Null: there is no page about it. */
function hrefOf(about: NeedsPerson['about']): string | null {
  switch (about.kind) {
    case 'rows':
      return hrefOfRows({ partner: about.partner, kind: about.rowKind, state: about.state });
    case 'file':
      return hrefOfFile(about.id);
    case 'breaker':
    case 'halt':
      return '#api';
    case 'services':
      return '#work';
    case 'gap':
    case 'inbox':
    case 'pause':
    case 'replay':
      return null;
  }
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
