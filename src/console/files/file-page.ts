import { html } from 'hono/html';
import { maskPersonal } from '../../domain/mask-personal.ts';
import { rowKindsOf } from '../../domain/file-life.ts';
import { fileProgress, sayShare } from '../../view/file-progress.ts';
import { sayHeld } from '../../view/held-words.ts';
import { fileTimeline } from '../../view/timeline.ts';
import type { NamedFile } from '../../view/take-stock.ts';
import type { Visitor } from '../door/visitor.ts';
import type { Html } from '../frame/frame.ts';
import { livePart, liveSaid, type LiveParts } from '../live/live-part.ts';
import { facts } from '../shown/facts.ts';
import { faultNotice } from '../shown/fault-notice.ts';
import { hrefOfFile, hrefOfRows } from '../shown/hrefs.ts';
import { momentList } from '../shown/moment-list.ts';
import { showNumber } from '../shown/number.ts';
import { outcomeBar, outcomeLinks } from '../shown/outcome-bar.ts';
import { fileBadge } from '../shown/state-badge.ts';
import { when } from '../shown/when.ts';
import { fileActForms } from './file-act-forms.ts';
import type { FileLife } from './read-file.ts';

/** One file: how far it has come, what needs a look, where it came from, and what happened to it. */
export function filePage(
  { file, history, lastEvent }: FileLife,
  { visitor, now, timeZone }: { readonly visitor: Visitor; readonly now: Date; readonly timeZone: string },
): Html {
  const parts = fileParts({ file, history }, timeZone);
  const same =
    file.sameAs === null
      ? ''
      : html`<p>It is the same as <a href="${hrefOfFile(file.sameAs)}">file ${file.sameAs}</a>.</p>`;
  return html`<p class="back"><a href="/files">‹ Files</a></p>
    <div class="title">
      <h1>File ${file.id} of ${file.partner}</h1>
      ${livePart(parts, 'badge')} ${liveSaid}
    </div>
    <p class="who">${maskPersonal(file.text)}</p>
    ${file.code === null ? '' : faultNotice(file.code, { more: sayHeld(file) })} ${same}
    ${fileActForms({ file, lastEvent }, visitor, now)}
    <div class="beside">
      <div>
        <section aria-labelledby="outcomes">
          <h2 id="outcomes">Rows</h2>
          ${livePart(parts, 'outcomes')}
        </section>
        <section aria-labelledby="history">
          <h2 id="history">History</h2>
          ${livePart(parts, 'history')}
        </section>
      </div>
      <section class="card" aria-labelledby="facts">
        <h2 id="facts">The file</h2>
        ${livePart(parts, 'facts')}
      </section>
    </div>`;
}

/** What of it is kept as it is now. */
export function fileParts({ file, history }: Pick<FileLife, 'file' | 'history'>, timeZone: string): LiveParts {
  return {
    badge: fileBadge(file.state),
    outcomes: outcomes(file),
    history: momentList(fileTimeline(history), timeZone),
    facts: factsOf(file, timeZone),
  };
}

function outcomes(file: NamedFile): Html {
  const progress = fileProgress(file);
  if (progress.rows === 0) {
    return html`<p class="quiet">
      ${['rejected', 'quarantined'].includes(file.state) ? 'Nothing of it was imported.' : 'No row of it has been read yet.'}
    </p>`;
  }
  const kinds = rowKindsOf(file.kind);
  return html`<p class="progress large">
      ${outcomeBar(file.counts)} <span>${sayShare(progress)} of ${showNumber(progress.rows)} rows</span>
    </p>
    ${kinds.map((kind) => {
      const counts = file.countsByKind[kind] ?? {};
      return html`${kinds.length > 1 ? html`<h3>${kind === 'lead' ? 'Leads' : 'Status updates'}</h3>` : ''}
      ${outcomeLinks(counts, (state) => hrefOfRows({ file: file.id, state, ...(kinds.length > 1 ? { kind } : {}) }))}`;
    })}
    ${
      file.heldBack > 0
        ? html`<p class="notice">${showNumber(file.heldBack)} rows are held back until the file is let go.</p>`
        : ''
    }
    <p><a href="${hrefOfRows({ file: file.id })}">All its rows</a></p>`;
}

function factsOf(file: NamedFile, timeZone: string): Html {
  const encoding =
    file.encoding === null ? null : `${file.encoding}${file.encodingWhy === null ? '' : ` (${file.encodingWhy})`}`;
  return facts([
    ['kind', file.kind],
    ['arrived', when(file.arrivedAt, timeZone)],
    ['due', file.dueAt.getTime() === file.arrivedAt.getTime() ? null : when(file.dueAt, timeZone)],
    ['settled', file.settledAt === null ? null : when(file.settledAt, timeZone)],
    [
      'result file',
      file.resultVersion === 0
        ? 'not issued yet'
        : html`version ${file.resultVersion}, in the outbox as
            <code class="long">${file.partner}/${maskPersonal(file.text)}.${file.id}.results.csv</code>`,
    ],
    ['records', file.rowCount === 0 ? null : showNumber(file.rowCount)],
    ['bytes', showNumber(file.bytes)],
    ['encoding', encoding],
    ['delimiter', file.delimiter === '\t' ? 'tab' : file.delimiter],
    ['config version', html`<code>${file.configVersion.slice(0, 12)}</code>`],
    ['SHA-256', html`<code class="long">${file.sha256}</code>`],
  ]);
}
