import { html } from 'hono/html';
import type { ReplayBatch, StayedRow } from '../../app/ports/replay-ledger.ts';
import { sayDuration } from '../../view/duration.ts';
import { sayReplayFilter, sayReplayProgress, sayReplayShare, sayStayed } from '../../view/replay-words.ts';
import { actForm } from '../acts/act-form.ts';
import type { Visitor } from '../door/visitor.ts';
import type { Html } from '../frame/frame.ts';
import { facts } from '../shown/facts.ts';
import { hrefOfReplay, hrefOfRow } from '../shown/hrefs.ts';
import { listing } from '../shown/listing.ts';
import { showNumber } from '../shown/number.ts';
import { rowBadge, type Tone } from '../shown/state-badge.ts';
import { when } from '../shown/when.ts';

interface Shown {
  readonly batch: ReplayBatch;
  readonly stayed: readonly StayedRow[];
  readonly hasMore: boolean;
  /** A service is there to carry it on. */
  readonly isServed: boolean;
}

const tones: Readonly<Record<ReplayBatch['state'], Tone>> = { running: 'open', finished: 'good', aborted: 'warn' };

export function replayBadge(state: ReplayBatch['state']): Html {
  return html`<span class="badge ${tones[state]}">${state}</span>`;
}

/** How far a replay is, which rows stayed and why, and the way to end it. */
export function replayPage(
  { batch, stayed, hasMore, isServed }: Shown,
  { visitor, timeZone }: { readonly visitor: Visitor; readonly timeZone: string },
): Html {
  const { id, state, rows, left, rate } = batch;
  const isRunning = state === 'running';
  return html`<p class="back"><a href="/replays">‹ Replays</a></p>
    <div class="title">
      <h1>Replay ${id}</h1>
      ${replayBadge(state)}
    </div>
    <p class="who">${batch.reason}</p>
    <p class="progress large">
      <progress max="${rows}" value="${rows - left}" aria-label="Rows of the replay that are done"></progress>
      <span>${sayReplayShare(batch)} of ${showNumber(rows)} rows</span>
    </p>
    <p>${sayReplayProgress(batch)}</p>
    ${
      isRunning
        ? html`<p class="quiet">
            ${isServed ? `About ${sayDuration((left / rate) * 1_000)} to go.` : 'No service is at work on this ledger: the next one goes on with it.'}
          </p>`
        : ''
    }
    ${
      isRunning
        ? html`<div class="acts">
            ${actForm(visitor, {
              to: `${hrefOfReplay(id)}/abort`,
              id: 'abort',
              needs: 'operator',
              label: 'End it here',
              about: 'What is back at work stays there; the others stay as they are.',
              isGrave: true,
            })}
          </div>`
        : ''
    }
    ${facts([
      ['selected', sayReplayFilter(batch)],
      ['by', batch.actor],
      ['at most', `${showNumber(rate)} rows a second`],
      ['started', when(batch.startedAt, timeZone)],
      ['ended', batch.endedAt === null ? null : when(batch.endedAt, timeZone)],
      [
        'replaced',
        batch.replaced === 0
          ? null
          : `${showNumber(batch.replaced)} that had failed are cancelled: the row that holds the lead has taken the place`,
      ],
    ])}
    ${
      stayed.length === 0
        ? ''
        : html`<section aria-labelledby="stayed">
            <h2 id="stayed">Rows that stayed</h2>
            ${listing(
              stayed,
              [
                { header: 'row', cell: ({ rowId }) => html`<a href="${hrefOfRow(rowId)}">${rowId}</a>` },
                { header: 'because', look: 'wide', isPlain: true, cell: (row) => sayStayed(row) },
                { header: 'is now', isPlain: true, cell: (row) => rowBadge(row.state) },
                {
                  header: 'code',
                  isPlain: true,
                  cell: ({ code }) => (code === null ? null : html`<code>${code}</code>`),
                },
              ],
              { caption: 'Rows of this replay that were not taken back to work' },
            )}
            ${hasMore ? html`<p class="quiet">These are the first. On a terminal: <code>leadsync replay --show ${id} --limit 1000</code></p>` : ''}
          </section>`
    }`;
}
