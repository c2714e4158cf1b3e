import { html } from 'hono/html';
import type { Delivery, DeliveryState, TargetTrouble } from '../../app/ports/delivery-ledger.ts';
import { faults } from '../../domain/faults.ts';
import { sayTarget } from '../../view/delivery-needs.ts';
import { actForm } from '../acts/act-form.ts';
import type { Visitor } from '../door/visitor.ts';
import type { Html } from '../frame/frame.ts';
import { livePart, liveSaid, type LiveParts } from '../live/live-part.ts';
import { choice } from '../shown/choice.ts';
import { hrefOfDeliveries, hrefOfDelivery, hrefOfFile, withQuery } from '../shown/hrefs.ts';
import { listing } from '../shown/listing.ts';
import { showNumber } from '../shown/number.ts';
import type { Tone } from '../shown/state-badge.ts';
import { since, whenShort } from '../shown/when.ts';
import { deliveryStates, type DeliveriesListed } from './read-deliveries.ts';

interface At {
  readonly visitor: Visitor;
  readonly timeZone: string;
}

const words: Readonly<Record<DeliveryState, readonly [word: string, tone: Tone]>> = {
  pending: ['waits', 'open'],
  delivered: ['delivered', 'good'],
  given_up: ['given up', 'bad'],
};

/** Which receivers are in trouble, and what was told to whom. */
export function deliveriesPage(listed: DeliveriesListed, at: At): Html {
  const parts = deliveriesParts(listed, at);
  const { before, next, partner, partners, state } = listed;
  const to = (place: Readonly<Record<string, string>>) => withQuery('/deliveries', { ...filterOf(listed), ...place });
  return html`<div class="title">
      <h1>Deliveries</h1>
      ${liveSaid}
    </div>
    <p>What is told outside: each night’s summary, and what became of files, as webhooks to partners who want them.</p>
    ${livePart(parts, 'troubles')}
    <form class="filters" method="get" action="/deliveries" role="search" aria-label="Deliveries">
      ${choice({ name: 'partner', label: 'to', values: partners, chosen: partner })}
      ${choice({ name: 'state', label: 'state', values: deliveryStates, chosen: state, say: sayState })}
      <p class="actions"><button class="main">Show</button> <a class="button" href="/deliveries">Clear</a></p>
    </form>
    ${livePart(parts, 'list')}
    <nav class="pages" aria-label="Pages">
      ${before === null ? '' : html`<a class="button" href="${to({})}">Newest</a>`}
      ${next === null ? '' : html`<a class="button" rel="next" href="${to({ before: next })}">Older ›</a>`}
    </nav>`;
}

/** What of it is kept as it is now. */
export function deliveriesParts(listed: DeliveriesListed, at: At): LiveParts {
  return {
    troubles: html`${listed.troubles.map((trouble) => troubleCard(trouble, listed.now, at))}`,
    list: listed.deliveries.length === 0 ? nothingFits(listed) : table(listed.deliveries, at.timeZone),
  };
}

/** As it stands in the address. */
export function filterOf({ file, partner, state }: DeliveriesListed): Readonly<Record<string, string>> {
  const all = { file, partner, state };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null));
}

function sayState(state: string): string {
  return words[state as DeliveryState][0];
}

/** One receiver: since when, why, what waits, and what to do. */
function troubleCard(trouble: TargetTrouble, now: Date, { visitor, timeZone }: At): Html {
  const { channel, recipient, failingSince, stoppedAt, waiting, givenUp, code, httpStatus } = trouble;
  const isFailing = failingSince !== null || stoppedAt !== null;
  const name = sayTarget(trouble);
  const what = stoppedAt !== null ? 'are stopped' : isFailing ? 'do not arrive' : 'arrive again';
  const link = hrefOfDeliveries({ partner: recipient ?? undefined, state: givenUp > 0 ? 'given_up' : 'pending' });
  return html`<div class="notice ${isFailing ? 'bad' : 'warn'}">
    <p>
      <b>${name.charAt(0).toUpperCase()}${name.slice(1)} ${what}</b>
      ${failingSince === null ? '' : html`for ${since(failingSince, now, timeZone)}`}${
        code === null ? '' : html`: <code>${code}</code>${httpStatus === null ? '' : ` (${httpStatus})`}`
      }
    </p>
    <p>
      ${waiting === 0 ? '' : html`${showNumber(waiting)} ${waiting === 1 ? 'waits' : 'wait'}. `}
      ${givenUp === 0 ? '' : html`<a href="${link}">${showNumber(givenUp)} of the last fortnight</a> ${givenUp === 1 ? 'was' : 'were'} given up: send each again once the receiver is well.`}
      ${stoppedAt !== null ? 'Nothing is lost. Mend it with who runs the receiver, then let them go on.' : code === null || !isFailing ? '' : html`<b>What to do:</b> ${faults[code].then}`}
    </p>
    ${
      stoppedAt === null || recipient === null
        ? ''
        : actForm(visitor, {
            to: `/deliveries/targets/${channel}/${encodeURIComponent(recipient)}/go-on`,
            id: `go-on-${channel}-${recipient}`,
            needs: 'operator',
            label: 'Let them go on',
            about: 'What waits is due at once, oldest first.',
          })
    }
  </div>`;
}

function table(deliveries: readonly Delivery[], timeZone: string): Html {
  return listing(
    deliveries,
    [
      { header: 'delivery', cell: ({ id }) => html`<a href="${hrefOfDelivery(id)}">${id}</a>` },
      { header: 'written', cell: ({ createdAt }) => whenShort(createdAt, timeZone) },
      { header: 'about', isPlain: true, cell: aboutCell },
      { header: 'to', isPlain: true, cell: sayReceiver },
      { header: 'state', look: 'wide', isPlain: true, cell: stateCell },
      { header: 'tries', look: 'number', cell: ({ tries }) => showNumber(tries) },
      { header: 'ended, or next try', isPlain: true, cell: (delivery) => endCell(delivery, timeZone) },
    ],
    { caption: 'What is told outside, newest first' },
  );
}

/** What it tells of. */
export function aboutCell({ about, night, fileId, version }: Delivery): Html {
  if (about === 'night') return html`night ${night}`;
  return html`<a href="${hrefOfFile(fileId ?? '')}">file ${fileId}</a>, result ${version}`;
}

export function sayReceiver({ channel, recipient }: Delivery): string {
  return `${recipient ?? 'those who run leadsync'}, by ${channel}`;
}

export function deliveryBadge(state: DeliveryState): Html {
  const [word, tone] = words[state];
  return html`<span class="badge ${tone}">${word}</span>`;
}

function stateCell({ state, code, httpStatus }: Delivery): Html {
  return html`${deliveryBadge(state)}${
    code === null
      ? ''
      : html` <code title="${faults[code].means}">${code}</code>${httpStatus === null ? '' : ` (${httpStatus})`}`
  }`;
}

function endCell({ endedAt, nextAt }: Delivery, timeZone: string): Html | null {
  if (endedAt !== null) return html`ended ${whenShort(endedAt, timeZone)}`;
  return nextAt === null ? null : html`next ${whenShort(nextAt, timeZone)}`;
}

function nothingFits({ before, file, partner, state }: DeliveriesListed): Html {
  const isFiltered = partner !== null || state !== null || file !== null;
  return html`<div class="card none">
    ${
      isFiltered || before !== null
        ? html`<h2>No delivery fits</h2>
            <p><a href="/deliveries">All deliveries</a></p>`
        : html`<h2>Nothing was told to anybody yet</h2>
            <p>
              The summary of each night goes out with its end; a partner’s webhooks once <code>webhook</code> stands in
              its config. What has ended is kept for 90 days.
            </p>`
    }
  </div>`;
}
