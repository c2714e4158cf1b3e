import { html } from 'hono/html';
import type { Html } from '../frame/frame.ts';
import { nothing } from './nothing.ts';

export interface Column<T> {
  readonly header: string;
  /** Wide: it may break into lines. Number: it stands at its column's end. */
  readonly look?: 'number' | 'wide';
  /** The value says itself what it is: a card needs no header before it. Defaults to false. */
  readonly isPlain?: boolean;
  /** Null: there is nothing. */
  readonly cell: (item: T) => Html | string | null;
}

/**
 * A table of things, the first column naming each. On a narrow screen rows become cards, each cell with its header before
 * it; browsers then take the elements for no table any more, so the roles say it again.
 */
export function listing<T>(
  items: readonly T[],
  columns: readonly Column<T>[],
  { caption, isCaptionShown = false }: { readonly caption: string; readonly isCaptionShown?: boolean },
): Html {
  const [first, ...others] = columns;
  if (first === undefined) throw new Error('a table without columns');
  return html`<table class="listing" role="table">
    <caption class="${isCaptionShown ? '' : 'unseen'}">
      ${caption}
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${columns.map(({ header, look }) => html`<th role="columnheader" scope="col" class="${look ?? ''}">${header}</th>`)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${items.map(
        (item) =>
          html`<tr role="row">
            <th role="rowheader" scope="row" class="${first.look ?? ''}" ${labelOf(first)}>${first.cell(item)}</th>
            ${others.map((column) => cellOf(column, item))}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function cellOf<T>(column: Column<T>, item: T): Html {
  const value = column.cell(item);
  return value === null
    ? html`<td role="cell" class="empty ${column.look ?? ''}">${nothing}</td>`
    : html`<td role="cell" class="${column.look ?? ''}" ${labelOf(column)}>${value}</td>`;
}

function labelOf<T>({ header, isPlain = false }: Column<T>): Html {
  return isPlain ? html`` : html`data-label="${header}"`;
}
