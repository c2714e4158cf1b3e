import { html } from 'hono/html';
import type { AttemptLine } from '../../app/ports/ledger.ts';
import { maskPersonal } from '../../domain/mask-personal.ts';
import type { Evidence } from '../../domain/call-outcome.ts';
import { faults } from '../../domain/faults.ts';
import { sayDuration } from '../../view/duration.ts';
import { sayPlace } from '../../view/row-json.ts';
import { canAct } from '../acts/act-form.ts';
import type { Visitor } from '../door/visitor.ts';
import type { Html } from '../frame/frame.ts';
import { choice } from '../shown/choice.ts';
import { facts } from '../shown/facts.ts';
import { hrefOfFile, hrefOfRow, withQuery } from '../shown/hrefs.ts';
import { showNumber } from '../shown/number.ts';
import { since, when } from '../shown/when.ts';
import { listingForms } from '../listings/listing-forms.ts';
import type { DoubtsListed, ShownDoubt } from './read-doubts.ts';
import { resolveForm } from './resolve-form.ts';

interface At {
  readonly visitor: Visitor;
  readonly now: Date;
  readonly timeZone: string;
}

/** A card a row: what is known, what to ask the insurer, and the ways out. */
export function doubtsPage(listed: DoubtsListed, at: At): Html {
  const { all, doubts, isFirst, kind, next, partner, partners } = listed;
  const to = (place: Readonly<Record<string, string>>) =>
    withQuery('/in-doubt', { partner: partner ?? undefined, kind: kind ?? undefined, ...place });
  return html`<div class="title">
      <h1>In doubt</h1>
      <p class="quiet">${all === 0 ? '' : `${showNumber(all)} ${all === 1 ? 'row' : 'rows'}, oldest first`}</p>
    </div>
    <p class="who">
      Whether the insurer has these nobody here can know: the request may have arrived, and no answer came. Nothing more
      is sent for them until a person has found out.
    </p>
    <form class="filters" method="get" action="/in-doubt" role="search" aria-label="In doubt">
      ${choice({ name: 'partner', label: 'partner', values: partners, chosen: partner })}
      ${choice({
        name: 'kind',
        label: 'kind',
        values: ['lead', 'update'],
        chosen: kind,
        say: (value) => (value === 'lead' ? 'leads' : 'status updates'),
      })}
      <p class="actions"><button class="main">Show</button> <a class="button" href="/in-doubt">Clear</a></p>
    </form>
    ${all === 0 ? '' : listingForms({ ...at, partner, partners })}
    ${
      doubts.length === 0
        ? nothing(listed)
        : html`<ul class="needs">
            ${doubts.map((doubt) => card(doubt, at))}
          </ul>`
    }
    <nav class="pages" aria-label="Pages">
      ${isFirst ? '' : html`<a class="button" href="${to({})}">Oldest</a>`}
      ${next === null ? '' : html`<a class="button" rel="next" href="${to({ after: next })}">Next ›</a>`}
    </nav>`;
}

function nothing({ isFirst, kind, partner }: DoubtsListed): Html {
  const isFiltered = partner !== null || kind !== null || !isFirst;
  return html`<div class="card none">
    <h2>${isFiltered ? 'None of these is in doubt' : 'Nothing is in doubt'}</h2>
    <p>${isFiltered ? html`<a href="/in-doubt">All that is</a>` : 'Every request has an outcome that is known.'}</p>
  </div>`;
}

function card(doubt: ShownDoubt, { visitor, now, timeZone }: At): Html {
  const { row, json, attempt, sendAgainInMs } = doubt;
  const kind = row.kind === 'lead' ? 'Lead' : 'Status update';
  const command = `leadsync resolve ${row.id}`;
  return html`<li class="card doubt">
    <p class="what">
      <a href="${hrefOfRow(row.id)}"><b>${kind}, row ${row.id} of ${row.partner}</b></a>
      <span class="quiet">for ${since(row.updatedAt, now, timeZone)}</span>
    </p>
    ${row.code === null ? '' : html`<p><code>${row.code}</code>: ${faults[row.code].means}</p>`}
    ${facts([
      ['ask for', html`X-Request-Id <code class="long">${row.attemptId ?? 'not known'}</code>`],
      ['sent', row.intentAt === null ? 'not known' : when(row.intentAt, timeZone)],
      ['partnerLeadId', json.partnerLeadId === null ? null : maskPersonal(json.partnerLeadId)],
      ['agenteId', row.agenteId],
      ['leadId', row.leadId],
      [
        'came in',
        row.fileId === null
          ? sayPlace(row)
          : html`<a href="${hrefOfFile(row.fileId)}">file ${row.fileId}</a>, row ${row.rowNumber ?? ''}`,
      ],
      ['evidence', sayEvidence(attempt)],
      [
        'send again',
        sendAgainInMs === 0
          ? 'possible: nothing of the first request can arrive any more'
          : `in ${sayDuration(sendAgainInMs)}`,
      ],
    ])}
    ${resolveForm(row, { visitor, sendAgainInMs, from: 'list' })}
    ${canAct(visitor, 'operator') ? '' : html`<p class="quiet">On a terminal: <code>${command}</code></p>`}
  </li>`;
}

const evidenceWords: Readonly<Record<Evidence, string>> = {
  never_written: 'nothing of the request left',
  maybe_written: 'the request may have left, and no answer began',
  response_started: 'an answer began and did not end',
  response_complete: 'an answer came that says neither yes nor no',
};

function sayEvidence(attempt: AttemptLine | null): string {
  if (attempt === null) return 'no call is written down';
  const { begunAt, endedAt, evidence, httpStatus } = attempt;
  if (endedAt === null) return 'whoever sent it was gone before it ended: it may or may not have left';
  const words =
    evidence !== null && Object.hasOwn(evidenceWords, evidence) ? evidenceWords[evidence as Evidence] : 'none';
  return `${words}${httpStatus === null ? '' : `, HTTP ${httpStatus}`}, after ${endedAt.getTime() - begunAt.getTime()} ms`;
}
