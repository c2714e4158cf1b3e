import { html, raw } from 'hono/html';
import type { SearchFound } from '../../app/ports/console-searches.ts';
import type { Visitor } from '../door/visitor.ts';
import type { Html } from '../frame/frame.ts';
import type { NamedRow } from '../rows/read-rows.ts';
import { rowTable } from '../rows/row-table.ts';
import { showNumber } from '../shown/number.ts';

/** `said`: why it came to nothing. */
export function searchPage(visitor: Visitor, said: string | null): Html {
  return html`<h1>Search</h1>
    ${searchForm(visitor, said)}`;
}

interface Found {
  readonly found: SearchFound;
  readonly rows: readonly NamedRow[];
  /** There may be more. */
  readonly isFull: boolean;
}

export function foundPage(
  { found, rows, isFull }: Found,
  { visitor, timeZone }: { readonly visitor: Visitor; readonly timeZone: string },
): Html {
  return html`<h1>Search</h1>
    ${searchForm(visitor, null)}
    <h2>
      ${rows.length === 0 ? 'No row has it' : `${showNumber(rows.length)} ${rows.length === 1 ? 'row' : 'rows'}, newest first`}
    </h2>
    <p class="quiet">Looked for by ${found.by.map((kind) => words[kind] ?? kind).join(' and ')}.</p>
    ${
      found.unseen === 0
        ? ''
        : html`<p class="notice">
            About ${showNumber(found.unseen)} rows that were read just now were not looked at. Search again in some
            minutes.
          </p>`
    }
    ${isFull ? html`<p class="notice">These are the newest; there may be more.</p>` : ''}
    ${rows.length === 0 ? '' : rowTable(rows, timeZone)}`;
}

const words: Readonly<Record<string, string>> = {
  nif: 'NIF',
  phone: 'phone number',
  email: 'e-mail address',
  id: 'id',
};

function searchForm({ formToken }: Visitor, said: string | null): Html {
  return html`<form class="search" method="post" action="/search" role="search" aria-label="All rows">
    <input type="hidden" name="form" value="${formToken ?? ''}" />
    <p>
      <label for="q">NIF, phone, e-mail, partnerLeadId, leadId, idLanding or row</label>
      <input
        id="q"
        name="q"
        type="search"
        maxlength="200"
        required
        autocomplete="off"
        spellcheck="false"
        aria-describedby="${said === null ? 'q-about' : 'q-said q-about'}"
        ${said === null ? '' : raw('aria-invalid="true"')}
      />
      ${said === null ? '' : html`<span class="fault" id="q-said">${said}</span>`}
      <span class="quiet" id="q-about"
        >The audit log is told who searched and how much was found, with a keyed hash of a person’s value.</span
      >
    </p>
    <p><button class="main">Search</button></p>
  </form>`;
}
