import { html } from 'hono/html';
import type { NamedFile } from '../../view/take-stock.ts';
import { fileTable } from '../files/file-table.ts';
import type { Html } from '../frame/frame.ts';
import type { Overview } from './read-overview.ts';

const dayMs = 24 * 3_600_000;

/** What came within a day, with how far each has come. */
export function nightFiles({ stock, now }: Overview, timeZone: string): Html {
  const shown = stock.files.filter(({ arrivedAt }) => now.getTime() - arrivedAt.getTime() < dayMs);
  return html`<section aria-labelledby="files">
    <h2 id="files">Files of the last 24 hours</h2>
    ${
      shown.length === 0
        ? html`<div class="card none"><p>No file has arrived within a day. ${lastOne(stock.files)}</p></div>`
        : fileTable(shown, { caption: 'Files of the last 24 hours', timeZone })
    }
    <p><a href="/files">All files</a></p>
  </section>`;
}

function lastOne(files: readonly NamedFile[]): string {
  const [newest] = files;
  return newest === undefined
    ? 'None ever has: a file in a partner’s inbox shows here.'
    : `The last one came from ${newest.partner}.`;
}
