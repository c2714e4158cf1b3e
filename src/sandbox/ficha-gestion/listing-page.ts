import { html } from 'hono/html';
import type { Html } from '../page/page.ts';
import type { Facts } from '../portal/facts.ts';
import { estadoBadge } from './estado.ts';
import type { FacetValues } from './facet-values.ts';
import { filterForm } from './filter-form.ts';
import { isFiltered, withFilters } from './filters.ts';
import type { Filters } from './filters.ts';
import { COUNTED } from './find-leads.ts';
import type { ListedLead, Listing } from './find-leads.ts';
import { firstLead } from './first-lead.ts';
import { shortened } from './shortened.ts';
import { when } from './when.ts';

export interface ListingView {
  /** For the example of the first lead. */
  readonly facts: Facts;
  readonly filters: Filters;
  readonly text: string | null;
  readonly values: FacetValues;
  /** Null: what was searched for isn't known any more. */
  readonly listing: Listing | null;
}

/** The leads, newest first, with the search and the filters. */
export function listingPage(view: ListingView): Html {
  const { filters, listing } = view;
  if (listing?.count === 0 && !isFiltered(filters)) return html`${heading('No leads yet')} ${firstLead(view.facts)}`;
  return html`${heading(listing === null ? '' : countOf(listing.count))} ${filterForm(view)}
  ${listing === null ? forgotten() : results(filters, listing)}`;
}

function heading(said: string): Html {
  return html`<div class="title">
    <h1>Ficha Gestión</h1>
    <p class="quiet">${said}</p>
  </div>`;
}

function countOf(count: number | null): string {
  if (count === null) return `More than ${COUNTED.toLocaleString('en')} leads, newest first`;
  return count === 1 ? '1 lead' : `${count.toLocaleString('en')} leads${count === 0 ? '' : ', newest first'}`;
}

function forgotten(): Html {
  return html`<div class="card none">
    <h2>This search is over</h2>
    <p>What was searched for is not in its address, and the sandbox has forgotten it. Search again.</p>
  </div>`;
}

function results(filters: Filters, { leads, hasNewer, hasOlder }: Listing): Html {
  const [newest] = leads;
  const oldest = leads.at(-1);
  if (newest === undefined || oldest === undefined) {
    return html`<div class="card none">
      <h2>${hasNewer ? 'No older leads' : 'No lead matches'}</h2>
      <p>
        ${
          hasNewer
            ? html`<a href="${withFilters('/ficha-gestion', filters)}">Back to the newest</a>`
            : 'A name is found by the beginnings of its words, with or without accents; a NIF and the ids only whole.'
        }
      </p>
    </div>`;
  }
  const to = (place: Readonly<Record<string, string>>) => withFilters('/ficha-gestion', filters, place);
  return html`${leadTable(leads)}
    <div class="below">
      <nav aria-label="Pages">
        ${hasNewer ? html`<a class="button" href="${to({})}">Newest</a>` : ''}
        ${hasNewer ? html`<a class="button" rel="prev" href="${to({ after: newest.leadId })}">‹ Newer</a>` : ''}
        ${hasOlder ? html`<a class="button" rel="next" href="${to({ before: oldest.leadId })}">Older ›</a>` : ''}
      </nav>
      <a class="button" href="${withFilters('/ficha-gestion.csv', filters)}" download>Download CSV</a>
    </div>`;
}

// The roles say again what the elements are: on a narrow screen the rows become cards, and browsers then take a table
// for none.
function leadTable(leads: readonly ListedLead[]): Html {
  return html`<table class="leads" role="table" aria-label="Leads, times in UTC">
    <thead role="rowgroup">
      <tr role="row">
        <th role="columnheader" scope="col" class="lead-id">leadId</th>
        <th role="columnheader" scope="col" class="created">created (UTC)</th>
        <th role="columnheader" scope="col" class="name">name</th>
        <th role="columnheader" scope="col" class="dni">dni</th>
        <th role="columnheader" scope="col" class="partner">partner</th>
        <th role="columnheader" scope="col" class="partner-lead-id">partnerLeadId</th>
        <th role="columnheader" scope="col" class="campaign">campaign</th>
        <th role="columnheader" scope="col" class="ramo">ramo</th>
        <th role="columnheader" scope="col" class="estado">estado</th>
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${leads.map(leadRow)}
    </tbody>
  </table>`;
}

function leadRow(lead: ListedLead): Html {
  return html`<tr role="row">
    <th role="rowheader" scope="row" class="lead-id">
      <a href="/ficha-gestion/${encodeURIComponent(lead.leadId)}">${lead.leadId}</a>
    </th>
    <td role="cell" class="created">${when(lead.createdAt)}</td>
    <td role="cell" class="name">${short(lead.name)}</td>
    <td role="cell" class="dni">${short(lead.dni)}</td>
    <td role="cell" class="partner">${short(lead.partner)}</td>
    <td role="cell" class="partner-lead-id">${short(lead.partnerLeadId)}</td>
    <td role="cell" class="campaign">${short(lead.campaign)}</td>
    <td role="cell" class="ramo">${short(lead.ramo)}</td>
    <td role="cell" class="estado">${estadoBadge(lead.estado === null ? null : shortened(lead.estado))}</td>
  </tr>`;
}

/** At most two lines; null is empty. All of it is on the lead's page. */
function short(value: string | null): Html {
  return html`<span class="short">${value === null ? '' : shortened(value)}</span>`;
}
