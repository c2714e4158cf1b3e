import { html } from 'hono/html';
import type { ListingProposal, ListingTaken } from '../../app/compare-listing.ts';
import type { ReconcileReport } from '../../app/reconcile.ts';
import { reasonsToStay, sayListing, whyItStays } from '../../view/listing-words.ts';
import { actForm } from '../acts/act-form.ts';
import type { Visitor } from '../door/visitor.ts';
import type { Html } from '../frame/frame.ts';
import { hrefOfDoubts, hrefOfRow } from '../shown/hrefs.ts';
import { showNumber } from '../shown/number.ts';

interface Shown {
  readonly visitor: Visitor;
  readonly taken: ListingTaken;
  readonly token: string;
  readonly seen: string;
}

const back = html`<p class="back"><a href="${hrefOfDoubts()}">‹ In doubt</a></p>`;

/** What follows from a listing, before anything is done. */
export function proposalPage(proposal: ListingProposal, { visitor, taken, token, seen }: Shown): Html {
  const { registered, notCreated, stays, secondLeads } = proposal;
  const acts = registered.length + notCreated.length;
  return html`${back}
    <h1>What follows from the listing</h1>
    ${sayListing(proposal, taken.isComplete).map((text) => html`<p>${text}</p>`)}
    ${taken.endsOpen ? html`<p class="notice">Its last line has no line break, so it may be cut off and is not read. If it is whole, end it with one.</p>` : ''}
    ${group(
      'Get their leadId',
      registered.map(({ row, leadId }) => ({ id: row.id, more: leadId })),
    )}
    ${group(
      'Were not created, and go back to work',
      notCreated.map(({ id }) => ({ id })),
    )}
    ${group(
      'Registered, and the listing has another lead under their id: maybe created twice',
      secondLeads.map(({ rowId, leadId }) => ({ id: rowId, more: leadId })),
    )}
    ${reasonsToStay.map((why) =>
      group(
        `Stay: ${whyItStays[why]}`,
        stays.filter((one) => one.why === why).map(({ row }) => ({ id: row.id })),
      ),
    )}
    ${
      acts + secondLeads.length === 0
        ? html`<p class="notice">Nothing can be done by this listing.</p>`
        : html`<section class="card" aria-label="Carry it out">
            ${actForm(visitor, {
              to: '/in-doubt/listing/carry-out',
              id: 'carry-out',
              needs: 'operator',
              label: `Do this to ${showNumber(acts)} ${acts === 1 ? 'row' : 'rows'}`,
              isOpen: true,
              hidden: {
                token,
                seen,
                asOf: taken.asOf.toISOString(),
                complete: taken.isComplete ? 'yes' : '',
                partner: taken.partner ?? '',
              },
            })}
          </section>`
    }`;
}

/** Rows that are named; the others are counted. */
const mostNamed = 20;

function group(heading: string, rows: readonly { readonly id: string; readonly more?: string }[]): Html {
  if (rows.length === 0) return html``;
  return html`<section>
    <h2>${heading}: ${showNumber(rows.length)}</h2>
    <ul class="outcomes">
      ${rows.slice(0, mostNamed).map(({ id, more }) => html`<li><a href="${hrefOfRow(id)}">row ${id}</a>${more === undefined ? '' : html` <code>${more}</code>`}</li>`)}
      ${rows.length > mostNamed ? html`<li>and ${showNumber(rows.length - mostNamed)} more</li>` : ''}
    </ul>
  </section>`;
}

export function refusedListingPage(says: string): Html {
  return html`${back}
    <h1>Nothing was done</h1>
    <p class="notice bad" role="alert">${says}</p>`;
}

export function reportPage({ registered, sentBack, passedOver, leadIdTaken }: ReconcileReport): Html {
  return html`${back}
    <h1>The listing is carried out</h1>
    <p class="notice done" role="status">
      ${showNumber(registered)} registered · ${showNumber(sentBack)} back to work · ${showNumber(passedOver)} had moved
      on or must wait · ${showNumber(leadIdTaken)} whose leadId another row has
    </p>
    <p><a class="button" href="${hrefOfDoubts()}">What is still in doubt</a></p>`;
}
