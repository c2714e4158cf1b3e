import { html } from 'hono/html';
import type { ReplayBatch } from '../../app/ports/replay-ledger.ts';
import { sayReplayFilter, sayReplayShare } from '../../view/replay-words.ts';
import type { Visitor } from '../door/visitor.ts';
import type { Html } from '../frame/frame.ts';
import { hrefOfReplay } from '../shown/hrefs.ts';
import { listing } from '../shown/listing.ts';
import { showNumber } from '../shown/number.ts';
import { whenShort } from '../shown/when.ts';
import { replayBadge } from './replay-page.ts';

/** Every replay there was, newest first. */
export function replaysPage(
  batches: readonly ReplayBatch[],
  { timeZone }: { readonly visitor: Visitor; readonly timeZone: string },
): Html {
  return html`<div class="title">
      <h1>Replays</h1>
      <p><a class="button main" href="/replays/new">Replay rows…</a></p>
    </div>
    ${
      batches.length === 0
        ? html`<div class="card none">
            <h2>No replay yet</h2>
            <p>
              Rows that failed or were rejected go back to work once the cause is mended. What would be done is shown
              first.
            </p>
          </div>`
        : listing(
            batches,
            [
              { header: 'replay', cell: ({ id }) => html`<a href="${hrefOfReplay(id)}">${id}</a>` },
              { header: 'state', isPlain: true, cell: ({ state }) => replayBadge(state) },
              { header: 'rows', look: 'number', cell: ({ rows }) => showNumber(rows) },
              { header: 'done', look: 'number', cell: (batch) => sayReplayShare(batch) },
              { header: 'selected', look: 'wide', cell: (batch) => sayReplayFilter(batch) },
              { header: 'by', isPlain: true, cell: ({ actor }) => actor },
              { header: 'why', look: 'wide', isPlain: true, cell: ({ reason }) => reason },
              { header: 'started', cell: ({ startedAt }) => whenShort(startedAt, timeZone) },
            ],
            { caption: 'Replays, newest first' },
          )
    }`;
}
