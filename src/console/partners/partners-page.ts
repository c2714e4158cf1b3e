import { html } from 'hono/html';
import { sayHalt, sayPause } from '../../view/stop-words.ts';
import { dueWords } from '../../view/night-words.ts';
import type { Html } from '../frame/frame.ts';
import { hrefOfFile, hrefOfPartner } from '../shown/hrefs.ts';
import { listing } from '../shown/listing.ts';
import { whenShort } from '../shown/when.ts';
import type { PartnersListed, PartnerStanding } from './read-partners.ts';

/** A line a partner: its config, when it is worked on, what stops it. */
export function partnersPage({ partners, halts, pauseOfAll }: PartnersListed, timeZone: string): Html {
  return html`<h1>Partners</h1>
    ${accountStops({ halts, pauseOfAll }, timeZone)}
    ${
      partners.length === 0
        ? html`<div class="card none">
            <h2>No partner yet</h2>
            <p>
              A config makes one. From an export of theirs:
              <code>leadsync partner init ID --from EXPORT.csv</code>
            </p>
          </div>`
        : listing(
            partners,
            [
              { header: 'partner', cell: ({ id }) => html`<a href="${hrefOfPartner(id)}">${id}</a>` },
              { header: 'config', isPlain: true, cell: configBadge },
              { header: 'work', isPlain: true, cell: workBadge },
              { header: 'sent', cell: (partner) => saySchedule(partner) },
              {
                header: 'next run',
                cell: ({ nextRunAt }) => (nextRunAt === null ? null : whenShort(nextRunAt, timeZone)),
              },
              { header: 'newest file', cell: ({ newest }) => newestCell(newest, timeZone) },
              { header: 'to look at', look: 'wide', isPlain: true, cell: trouble },
            ],
            { caption: 'Partners' },
          )
    }`;
}

/** What of the API account stops everybody. */
export function accountStops({ halts, pauseOfAll }: Omit<PartnersListed, 'partners'>, timeZone: string): Html {
  const sentences = [
    ...halts.map((halt) => sayHalt(halt, timeZone)),
    ...(pauseOfAll === null ? [] : [sayPause(pauseOfAll, timeZone)]),
  ];
  return html`${sentences.map((text) => html`<p class="notice bad">${text.charAt(0).toUpperCase()}${text.slice(1)}</p>`)}`;
}

export function configBadge({ config, isBroken }: PartnerStanding): Html {
  if (isBroken) return html`<span class="badge bad">not valid</span>`;
  return config === null ? html`<span class="badge warn">none</span>` : html`<span class="badge good">in force</span>`;
}

export function workBadge({ pause }: PartnerStanding): Html {
  return pause === null ? html`<span class="badge good">goes</span>` : html`<span class="badge bad">paused</span>`;
}

export function saySchedule({ config }: PartnerStanding): string | null {
  if (config === null) return null;
  return config.schedule === null ? 'on arrival' : `${config.schedule.cron} (${config.schedule.timeZone})`;
}

function newestCell(newest: PartnerStanding['newest'], timeZone: string): Html | null {
  if (newest === null) return null;
  return html`<a href="${hrefOfFile(newest.id)}">${newest.id}</a> ${whenShort(newest.arrivedAt, timeZone)}`;
}

function trouble({ dues, held, inbox, waiting }: PartnerStanding): Html | null {
  const said = [
    ...dues
      .filter(({ state }) => state !== 'met' && state !== 'expected')
      .map(
        ({ state, expectation }) => html`${expectation.kind} by ${expectation.by}: ${dueWords[state].toLowerCase()}`,
      ),
    ...held.map(({ id, code }) => html`<a href="${hrefOfFile(id)}">file ${id}</a> held: <code>${code ?? ''}</code>`),
    ...(inbox === null || inbox.trouble === null ? [] : [html`inbox: <code>${inbox.trouble}</code>`]),
    ...(inbox === null || inbox.arriving === 0 ? [] : [html`${inbox.arriving} arriving for long`]),
    ...(waiting === 0 ? [] : [html`${waiting} ${waiting === 1 ? 'file waits' : 'files wait'} for the run`]),
  ];
  if (said.length === 0) return null;
  return html`<ul class="plain">
    ${said.map((one) => html`<li>${one}</li>`)}
  </ul>`;
}
