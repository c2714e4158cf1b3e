import { html, raw } from 'hono/html';
import type { Html } from '../page/page.ts';
import { estadoLabel } from './estado.ts';
import type { FacetValues } from './facet-values.ts';
import { facets } from './filters.ts';
import type { Facet, Filters } from './filters.ts';
import { shortened } from './shortened.ts';

/** The search and the filters. It is posted, as what is searched for may be a person; the answer leads to a URL without it. */
export function filterForm({
  filters,
  text,
  values,
}: {
  readonly filters: Filters;
  readonly text: string | null;
  readonly values: FacetValues;
}): Html {
  return html`<form class="filters" method="post" action="/ficha-gestion" role="search" aria-label="Leads">
    <p class="sought">
      <label for="text">Search</label>
      <input
        id="text"
        name="text"
        type="search"
        value="${text ?? ''}"
        maxlength="200"
        autocomplete="off"
        spellcheck="false"
        placeholder="name, NIF, leadId or partnerLeadId"
      />
    </p>
    ${facets.map((facet) => facetControl(facet, filters.facets[facet], values[facet]))}
    <p class="actions">
      <button class="main">Search</button>
      <a class="button" href="/ficha-gestion">Clear</a>
    </p>
  </form>`;
}

function facetControl(facet: Facet, chosen: string | undefined, values: readonly string[] | null): Html {
  return html`<p class="facet">
    <label for="${facet}">${facet}</label>
    ${values === null ? exactInput(facet, chosen) : choice(facet, chosen, values)}
  </p>`;
}

function exactInput(facet: Facet, chosen: string | undefined): Html {
  return html`<input id="${facet}" name="${facet}" value="${chosen ?? ''}" placeholder="exactly" autocomplete="off" />`;
}

function choice(facet: Facet, chosen: string | undefined, values: readonly string[]): Html {
  // A value that no lead has (any more) stays chosen, or the page would show less than it says.
  const offered = chosen === undefined || values.includes(chosen) ? values : [chosen, ...values];
  const option = (value: string) =>
    html`<option value="${value}" ${value === chosen ? raw('selected') : ''}>
      ${shortened(facet === 'estado' ? estadoLabel(value) : value)}
    </option>`;
  return html`<select id="${facet}" name="${facet}">
    <option value="">all</option>
    ${offered.map(option)}
  </select>`;
}
