import { html } from 'hono/html';
import type { ReplayBatch, StayedRow } from '../../app/ports/replay-ledger.ts';
import { sayDuration } from '../../view/duration.ts';
import { sayReplayFilter, sayReplayProgress, sayReplayShare, sayStayed } from '../../view/replay-words.ts';
import { actForm } from '../acts/act-form.ts';
import type { Visitor } from '../door/visitor.ts';
import type { Html } from '../frame/frame.ts';
import { livePart, liveSaid, type LiveParts } from '../live/live-part.ts';
import { facts } from '../shown/facts.ts';
import { hrefOfReplay, hrefOfRow } from '../shown/hrefs.ts';
import { listing } from '../shown/listing.ts';
import { showNumber } from '../shown/number.ts';
import { rowBadge, type Tone } from '../shown/state-badge.ts';
import { when } from '../shown/when.ts';

/** What there is to tell of a replay. */
export interface ShownReplay {
  readonly batch: ReplayBatch;
  readonly stayed: readonly StayedRow[];
  readonly hasMore: boolean;
  /** A service is there to carry it on. */
  readonly isServed: boolean;
}

interface At {
  readonly visitor: Visitor;
  readonly timeZone: string;
}

const tones: Readonly<Record<ReplayBatch['state'], Tone>> = { running: 'open', finished: 'good', aborted: 'warn' };

export function replayBadge(state: ReplayBatch['state']): Html {
  return html`<span class="badge ${tones[state]}">${state}</span>`;
}

/** How far a replay is, which rows stayed and why, and the way to end it. */
export function replayPage(shown: ShownReplay, at: At): Html {
  const parts = replayParts(shown, at);
  const { id, reason } = shown.batch;
  return html`<p class="back"><a href="/replays">‹ Replays</a></p>
    <div class="title">
      <h1>Replay ${id}</h1>
      ${livePart(parts, 'badge')} ${liveSaid}
    </div>
    <p class="who">${reason}</p>
    ${livePart(parts, 'progress')} ${livePart(parts, 'act')} ${livePart(parts, 'facts')} ${livePart(parts, 'stayed')}`;
}

/** What of it is kept as it is now. */
export function replayParts(shown: ShownReplay, at: At): LiveParts {
  return {
    badge: replayBadge(shown.batch.state),
    progress: progress(shown),
    act: abortForm(shown, at),
    facts: factsOf(shown, at),
    stayed: stayedRows(shown),
  };
}

function progress({ batch, isServed }: ShownReplay): Html {
  const { state, rows, left, rate } = batch;
  return html`<p class="progress large">
      <progress max="${rows}" value="${rows - left}" aria-label="Rows of the replay that are done"></progress>
      <span>${sayReplayShare(batch)} of ${showNumber(rows)} rows</span>
    </p>
    <p>${sayReplayProgress(batch)}</p>
    ${
      state === 'running'
        ? html`<p class="quiet">
            ${isServed ? `About ${sayDuration((left / rate) * 1_000)} to go.` : 'No service is at work on this ledger: the next one goes on with it.'}
          </p>`
        : ''
    }`;
}

function abortForm({ batch }: ShownReplay, { visitor }: At): Html {
  if (batch.state !== 'running') return html``;
  return html`<div class="acts">
    ${actForm(visitor, {
      to: `${hrefOfReplay(batch.id)}/abort`,
      id: 'abort',
      needs: 'operator',
      label: 'End it here',
      about: 'What is back at work stays there; the others stay as they are.',
      isGrave: true,
    })}
  </div>`;
}

function factsOf({ batch }: ShownReplay, { timeZone }: At): Html {
  const { rate } = batch;
  return html`${facts([
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
  ])}`;
}

function stayedRows({ batch: { id }, stayed, hasMore }: ShownReplay): Html {
  if (stayed.length === 0) return html``;
  return html`<section aria-labelledby="stayed">
    <h2 id="stayed">Rows that stayed</h2>
    ${listing(
      stayed,
      [
        { header: 'row', cell: ({ rowId }) => html`<a href="${hrefOfRow(rowId)}">${rowId}</a>` },
        { header: 'because', look: 'wide', isPlain: true, cell: (row) => sayStayed(row) },
        { header: 'is now', isPlain: true, cell: (row) => rowBadge(row.state) },
        { header: 'code', isPlain: true, cell: ({ code }) => (code === null ? null : html`<code>${code}</code>`) },
      ],
      { caption: 'Rows of this replay that were not taken back to work' },
    )}
    ${hasMore ? html`<p class="quiet">These are the first. On a terminal: <code>leadsync replay --show ${id} --limit 1000</code></p>` : ''}
  </section>`;
}
