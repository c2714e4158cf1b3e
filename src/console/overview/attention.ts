import { html } from 'hono/html';
import type { NeedAbout, NeedsPerson } from '../../view/needs-person.ts';
import { canAct } from '../acts/act-form.ts';
import type { Visitor } from '../door/visitor.ts';
import type { Html } from '../frame/frame.ts';
import { hrefOfDeliveries, hrefOfDoubts, hrefOfFile, hrefOfReplayPreview, hrefOfRows } from '../shown/hrefs.ts';
import { showNumber } from '../shown/number.ts';
import { since, when } from '../shown/when.ts';
import { ackForm } from './ack-form.ts';
import { groupNeeds, type GroupedNeed } from './grouped-needs.ts';

interface At {
  readonly now: Date;
  readonly timeZone: string;
  readonly visitor: Visitor;
}

const isNews = ({ isUrgent, acknowledged }: GroupedNeed): boolean => isUrgent && acknowledged === null;

/** Is anything wrong, since when, and what to do: the first thing that anybody looks for. */
export function attention(needs: readonly NeedsPerson[], at: At): Html {
  const news = groupNeeds(needs).filter(isNews);
  return html`${headline(news, at)}
  ${
    news.length === 0
      ? ''
      : html`<ul class="needs urgent" aria-label="Needs a person">
          ${news.map((need) => item(need, at))}
        </ul>`
  }`;
}

/** What somebody knows of already, and what nobody has to act on. */
export function worthKnowing(needs: readonly NeedsPerson[], at: At): Html {
  const others = groupNeeds(needs).filter((need) => !isNews(need));
  return html`${section(
    'known',
    'Known already',
    others.filter(({ isUrgent }) => isUrgent),
    at,
  )}
  ${section(
    'knowing',
    'Worth knowing',
    others.filter(({ isUrgent }) => !isUrgent),
    at,
  )}`;
}

function section(id: string, heading: string, needs: readonly GroupedNeed[], at: At): Html {
  if (needs.length === 0) return html``;
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${heading}</h2>
    <ul class="needs">
      ${needs.map((need) => item(need, at))}
    </ul>
  </section>`;
}

function headline(news: readonly GroupedNeed[], { now, timeZone }: At): Html {
  if (news.length === 0) return html`<h1 class="verdict good">All is well: nothing needs a person</h1>`;
  const times = news.flatMap((need) => (need.since === null ? [] : [need.since.getTime()]));
  const first = times.length === 0 ? null : new Date(Math.min(...times));
  const things = news.length === 1 ? 'One thing needs' : `${news.length} things need`;
  return html`<div class="title">
    <h1 class="verdict bad">${things} a person</h1>
    ${first === null ? '' : html`<p class="quiet">the first for ${since(first, now, timeZone)}</p>`}
  </div>`;
}

function item(need: GroupedNeed, { now, timeZone, visitor }: At): Html {
  const [only, ...others] = need.parts;
  const href = only === undefined || others.length > 0 ? null : hrefOf(only.about);
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
            ${need.parts.map(partnerLink)}
          </ul>`
    }
    ${known(need, timeZone)}
    <p>
      ${need.then} <span class="quiet">On a terminal: <code>${need.command}</code></span>
    </p>
    ${replayLink(need, visitor)} ${ackForm(need, visitor)}
  </li>`;
}

/** To what a replay would do, for who may. */
function replayLink({ parts }: GroupedNeed, visitor: Visitor): Html {
  const [first, ...others] = parts;
  const about = first?.about;
  if (about?.kind !== 'rows' || about.state !== 'failed' || !canAct(visitor, 'operator')) return html``;
  const { partner, rowKind: kind, state } = about;
  const href = hrefOfReplayPreview({ kind, state, ...(others.length === 0 ? { partner } : {}) });
  return html`<p><a href="${href}">What a replay would do</a></p>`;
}

function known({ acknowledged }: GroupedNeed, timeZone: string): Html {
  if (acknowledged === null) return html``;
  const { actor, reason, until } = acknowledged;
  return html`<p>Known until ${when(until, timeZone)} by ${actor}: ${reason}</p>`;
}

function partnerLink({ about, level }: NeedsPerson): Html {
  if (about?.kind !== 'rows') return html``;
  return html`<li>
    <a href="${hrefOf(about)}">${about.partner} <b>${showNumber(level)}</b></a>
  </li>`;
}

/** Null: there is no page about it. */
function hrefOf(about: NeedAbout | null): string | null {
  switch (about?.kind) {
    case undefined:
      return null;
    case 'rows':
      return about.state === 'in_doubt'
        ? hrefOfDoubts({ partner: about.partner, kind: about.rowKind })
        : hrefOfRows({ partner: about.partner, kind: about.rowKind, state: about.state });
    case 'file':
      return hrefOfFile(about.id);
    case 'deliveries':
      return hrefOfDeliveries(about.recipient === null ? {} : { partner: about.recipient });
    case 'erasures':
      return '/erasures';
    case 'calls':
      return '#api';
    case 'night':
      return '#night';
    case 'services':
      return '#work';
  }
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
