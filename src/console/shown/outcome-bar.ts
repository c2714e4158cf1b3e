import { html } from 'hono/html';
import type { RowState } from '../../app/ports/row.ts';
import { outcomeWords, rowStates, sayCounts } from '../../view/outcome-words.ts';
import type { Html } from '../frame/frame.ts';
import { showNumber } from './number.ts';
import { toneOf, type Tone } from './state-badge.ts';

const tonesInOrder: readonly Tone[] = ['good', 'quiet', 'warn', 'bad'];

/** A bar as long as a file: what has become of its rows by colour, what is still open as the empty end. */
export function outcomeBar(counts: Readonly<Record<string, number>>): Html {
  const byTone = new Map<Tone, number>();
  let all = 0;
  for (const state of rowStates) {
    const n = counts[state] ?? 0;
    all += n;
    byTone.set(toneOf(state), (byTone.get(toneOf(state)) ?? 0) + n);
  }
  let from = 0;
  const parts = tonesInOrder.map((tone) => {
    const width = all === 0 ? 0 : share(byTone.get(tone) ?? 0, all);
    const part = html`<rect class="${tone}" x="${from.toFixed(2)}" y="0" width="${width.toFixed(2)}" height="1" />`;
    from += width;
    return width === 0 ? '' : part;
  });
  return html`<svg
    class="bar"
    viewBox="0 0 100 1"
    preserveAspectRatio="none"
    role="img"
    aria-label="${sayCounts(counts)}"
  >
    ${parts}
  </svg>`;
}

/** A few rows of a million are seen, too. */
function share(n: number, all: number): number {
  return n === 0 ? 0 : Math.max(1, (n / all) * 100);
}

/** Each outcome with its number, as links to the rows. */
export function outcomeLinks(counts: Readonly<Record<string, number>>, hrefOf: (state: RowState) => string): Html {
  const present = rowStates.filter((state) => (counts[state] ?? 0) > 0);
  return html`<ul class="outcomes">
    ${present.map(
      (state) =>
        html`<li class="${toneOf(state)}">
          <a href="${hrefOf(state)}"><b>${showNumber(counts[state] ?? 0)}</b> ${outcomeWords[state].word}</a>
        </li>`,
    )}
  </ul>`;
}
