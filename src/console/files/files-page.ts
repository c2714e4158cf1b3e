import { html } from 'hono/html';
import { fileStates } from '../../domain/file-life.ts';
import type { Html } from '../frame/frame.ts';
import { choice } from '../shown/choice.ts';
import { withQuery } from '../shown/hrefs.ts';
import { fileTable } from './file-table.ts';
import type { FilesListed } from './read-files.ts';

export function filesPage(listed: FilesListed, timeZone: string): Html {
  const { files, isNewest, next, partner, partners, state } = listed;
  const to = (place: Readonly<Record<string, string>>) =>
    withQuery('/files', { partner: partner ?? undefined, state: state ?? undefined, ...place });
  return html`<h1>Files</h1>
    <form class="filters" method="get" action="/files" role="search" aria-label="Files">
      ${choice({ name: 'partner', label: 'partner', values: partners, chosen: partner })}
      ${choice({ name: 'state', label: 'state', values: fileStates, chosen: state })}
      <p class="actions"><button class="main">Show</button> <a class="button" href="/files">Clear</a></p>
    </form>
    ${files.length === 0 ? nothingFits(listed) : fileTable(files, { caption: 'Files, newest first', timeZone })}
    <nav class="pages" aria-label="Pages">
      ${isNewest ? '' : html`<a class="button" href="${to({})}">Newest</a>`}
      ${next === null ? '' : html`<a class="button" rel="next" href="${to({ before: next })}">Older ›</a>`}
    </nav>`;
}

function nothingFits({ isNewest, partner, state }: FilesListed): Html {
  const isFiltered = partner !== null || state !== null;
  return html`<div class="card none">
    ${
      isFiltered || !isNewest
        ? html`<h2>No file fits</h2>
            <p>${isNewest ? 'No file is so.' : 'There are no older ones.'} <a href="/files">All files</a></p>`
        : html`<h2>No file has arrived yet</h2>
            <p>
              Put a CSV into the folder of a partner in the inbox, or import one now:
              <code>leadsync import export.csv --partner ID</code>
            </p>`
    }
  </div>`;
}
