import { html } from 'hono/html';
import type { FaultCode } from '../../domain/faults.ts';
import { rowStates } from '../../view/outcome-words.ts';
import type { Html } from '../frame/frame.ts';
import { choice } from '../shown/choice.ts';
import { faultNotice } from '../shown/fault-notice.ts';
import { withQuery } from '../shown/hrefs.ts';
import { showNumber } from '../shown/number.ts';
import { rowChoices } from '../shown/row-choices.ts';
import { textFilter } from '../shown/text-filter.ts';
import type { RowsListed } from './read-rows.ts';
import type { RowFilterName, RowsAsked } from './row-filters.ts';
import { rowTable } from './row-table.ts';

export function rowsPage(listed: RowsListed, timeZone: string): Html {
  const { asked, rows, next, lookedAt } = listed;
  const hasFaults = Object.keys(asked.faults).length > 0;
  const to = (place: Readonly<Record<string, string>>) => withQuery('/rows', { ...asked.typed, ...place });
  return html`<div class="title">
      <h1>Rows</h1>
      <p class="quiet">${hasFaults ? '' : sayCount(listed)}</p>
    </div>
    ${filterForm(listed)}
    ${asked.filter.code === undefined ? '' : faultNotice(asked.filter.code as FaultCode, { tone: 'warn' })}
    ${hasFaults ? '' : rows.length === 0 ? nothingFits(listed) : rowTable(rows, timeZone)}
    ${
      lookedAt === null
        ? ''
        : html`<p class="notice">
            ${showNumber(lookedAt)} rows were looked at for this page.
            ${rows.length === 0 ? 'None of them fits; t' : 'T'}here may be more further back.
          </p>`
    }
    <nav class="pages" aria-label="Pages">
      ${asked.after === null ? '' : html`<a class="button" href="${to({})}">First page</a>`}
      ${
        next === null
          ? ''
          : html`<a class="button" rel="next" href="${to({ after: next })}"
              >${lookedAt === null ? 'Next ›' : 'Look further ›'}</a
            >`
      }
    </nav>`;
}

function sayCount({ all, asked }: RowsListed): string {
  const order = asked.filter.fileId === undefined ? 'newest file first' : 'as in the file';
  if (all === null) return order;
  return `${showNumber(all)} ${all === 1 ? 'row' : 'rows'}${all < 2 ? '' : `, ${order}`}`;
}

function filterForm({ asked, partners }: RowsListed): Html {
  const { typed, filter, faults: wrong } = asked;
  const text = (name: RowFilterName, label: string, placeholder: string, mode?: 'numeric') =>
    textFilter({ name, label, placeholder, typed: typed[name], fault: wrong[name], ...(mode && { mode }) });
  return html`<form class="filters" method="get" action="/rows" role="search" aria-label="Rows">
    ${choice({ name: 'partner', label: 'partner', values: partners, chosen: typed.partner ?? null })}
    ${text('file', 'file', 'its number', 'numeric')} ${rowChoices(filter, rowStates)}
    ${text('night', 'night', '2026-11-24')} ${text('since', 'changed since', '2h, 2026-06-01')}
    ${text('until', 'changed before', '2026-06-01 02:30')}
    <p class="actions"><button class="main">Show</button> <a class="button" href="/rows">Clear</a></p>
    ${strayFaults(asked)}
  </form>`;
}

/** Of selects, which can't show what an address says and nobody understands. */
function strayFaults({ faults: wrong, typed }: RowsAsked): Html {
  const stray = (['kind', 'state', 'code'] as const).filter((name) => wrong[name] !== undefined);
  return html`${stray.map((name) => html`<p class="fault">${name} “${typed[name] ?? ''}”: ${wrong[name] ?? ''}</p>`)}`;
}

function nothingFits({ asked, lookedAt }: RowsListed): Html {
  const isFiltered = Object.keys(asked.typed).length > 0;
  if (lookedAt !== null) return html``;
  return html`<div class="card none">
    <h2>${isFiltered ? 'No row fits' : 'No row yet'}</h2>
    <p>
      ${isFiltered || asked.after !== null ? html`<a href="/rows">All rows</a>` : 'Rows show here once a file is read.'}
    </p>
  </div>`;
}
