import { html } from 'hono/html';
import { maskPersonal } from '../../domain/mask-personal.ts';
import { fileProgress, sayShare } from '../../view/file-progress.ts';
import type { NamedFile } from '../../view/take-stock.ts';
import type { Html } from '../frame/frame.ts';
import { hrefOfFile, hrefOfRows } from '../shown/hrefs.ts';
import { listing } from '../shown/listing.ts';
import { showNumber } from '../shown/number.ts';
import { outcomeBar } from '../shown/outcome-bar.ts';
import { fileBadge } from '../shown/state-badge.ts';
import { whenShort } from '../shown/when.ts';

/** Files, each with how far it has come and what needs a look. */
export function fileTable(
  files: readonly NamedFile[],
  { caption, timeZone }: { readonly caption: string; readonly timeZone: string },
): Html {
  return listing(
    files,
    [
      { header: 'file', cell: ({ id }) => html`<a href="${hrefOfFile(id)}">${id}</a>` },
      { header: 'partner', isPlain: true, cell: ({ partner }) => partner },
      { header: 'name', look: 'wide', isPlain: true, cell: ({ text }) => maskPersonal(text) },
      { header: 'arrived', cell: ({ arrivedAt }) => whenShort(arrivedAt, timeZone) },
      { header: 'state', isPlain: true, cell: stateCell },
      { header: 'rows done', isPlain: true, cell: progressCell },
      { header: 'to look at', isPlain: true, cell: trouble },
    ],
    { caption },
  );
}

function stateCell({ state, code }: NamedFile): Html {
  return html`${fileBadge(state)}${code === null ? '' : html` <code>${code}</code>`}`;
}

function progressCell(file: NamedFile): Html | null {
  const progress = fileProgress(file);
  if (progress.rows === 0) return null;
  const share = `${sayShare(progress)} of ${showNumber(progress.rows)}`;
  return html`<span class="progress">${outcomeBar(file.counts)} <span>${share}</span></span>`;
}

/** What of a file is for a person. */
function trouble({ id, counts }: NamedFile): Html | null {
  const states = [
    ['in_doubt', 'in doubt', 'bad'],
    ['failed', 'failed', 'bad'],
    ['rejected', 'rejected', 'warn'],
  ] as const;
  const present = states.filter(([state]) => (counts[state] ?? 0) > 0);
  if (present.length === 0) return null;
  return html`<ul class="outcomes">
    ${present.map(
      ([state, word, tone]) =>
        html`<li class="${tone}">
          <a href="${hrefOfRows({ file: id, state })}"><b>${showNumber(counts[state] ?? 0)}</b> ${word}</a>
        </li>`,
    )}
  </ul>`;
}
