import { html } from 'hono/html';
import type { RereadChange, RereadPreview } from '../../app/reread-file.ts';
import { rereadEnds } from '../../view/reread-words.ts';
import { sayRows } from '../../view/say-rows.ts';
import { actForm } from '../acts/act-form.ts';
import type { NotDone } from '../acts/deed.ts';
import type { Visitor } from '../door/visitor.ts';
import type { Html } from '../frame/frame.ts';
import { faultNotice } from '../shown/fault-notice.ts';
import { hrefOfFile, hrefOfPartner } from '../shown/hrefs.ts';
import { listing } from '../shown/listing.ts';
import { showNumber } from '../shown/number.ts';
import { rowBadge } from '../shown/state-badge.ts';

interface Shown {
  readonly id: string;
  readonly visitor: Visitor;
  /** What was done to the file last, when it was looked at. */
  readonly lastEvent: string;
}

/** What reading a file again would change, row by row; then why. */
export function rereadPage(preview: RereadPreview | NotDone, shown: Shown): Html {
  return html`<p class="back"><a href="${hrefOfFile(shown.id)}">‹ File ${shown.id}</a></p>
    <h1>What reading file ${shown.id} again would change</h1>
    ${contentOf(preview, shown)}`;
}

function contentOf(preview: RereadPreview | NotDone, shown: Shown): Html {
  switch (preview.kind) {
    case 'refused':
      return html`<p class="notice" role="alert">${preview.says}</p>`;
    case 'unreadable':
      return html`<p>
          The config of <a href="${hrefOfPartner(preview.file.partner)}">${preview.file.partner}</a> that is in force
          can not read it.
        </p>
        ${faultNotice(preview.code)}`;
    case 'looked':
      return changesOf(preview.changes, preview.file.partner, shown);
  }
}

function changesOf(changes: readonly RereadChange[], partner: string, { id, visitor, lastEvent }: Shown): Html {
  const rows = changes.reduce((sum, change) => sum + change.rows, 0);
  if (rows === 0)
    return html`<div class="card none">
      <h2>No row</h2>
      <p>The file has no rows.</p>
    </div>`;
  const moved = changes.filter(({ to }) => to !== 'stays').reduce((sum, change) => sum + change.rows, 0);
  return html`<p>
      Its bytes in the archive, read with the config of <a href="${hrefOfPartner(partner)}">${partner}</a> that is in
      force now. What has ended stays so; what was not sent gives way to its new reading.
    </p>
    ${moved === 0 ? html`<p class="notice">Nothing would change.</p>` : ''}
    ${listing(
      changes,
      [
        { header: 'rows', look: 'number', cell: (change) => showNumber(change.rows) },
        { header: 'now', cell: ({ from }) => (from === null ? 'no row' : rowBadge(from)) },
        { header: 'read again', isPlain: true, cell: ({ to }) => rereadEnds[to] },
        {
          header: 'code',
          look: 'wide',
          isPlain: true,
          cell: ({ code }) => (code === null ? null : html`<code>${code}</code>`),
        },
      ],
      { caption: 'Rows by what they are now and what they would become' },
    )}
    <section class="card" aria-labelledby="go">
      <h2 id="go">Read ${sayRows(rows)} again</h2>
      ${actForm(visitor, {
        to: `${hrefOfFile(id)}/reread`,
        id: 'reread',
        needs: 'operator',
        label: 'Read it again',
        isOpen: true,
        isGrave: true,
        about:
          'It becomes a file of its own, with a result of its own. The earlier reading is held and ended first, so that no row is sent under both. Hold the file before you look, if what is shown is to stay so.',
        hidden: { seen: lastEvent },
      })}
    </section>`;
}
