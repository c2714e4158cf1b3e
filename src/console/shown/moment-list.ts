import { html } from 'hono/html';
import type { Moment } from '../../view/timeline.ts';
import type { Html } from '../frame/frame.ts';
import { callDetails } from './call-details.ts';
import { rowBadge, toneOf } from './state-badge.ts';
import { when } from './when.ts';

/** What happened, oldest first: a line with a dot for each. */
export function momentList(moments: readonly Moment[], timeZone: string): Html {
  if (moments.length === 0) return html`<p class="quiet">Nothing is written down.</p>`;
  return html`<ol class="history">
    ${moments.map(
      ({ at, says, to, of, call }) =>
        html`<li class="${to === null ? '' : toneOf(to)}">
          ${when(at, timeZone)}
          <div>
            <p>${of === null ? '' : html`<b>${of}</b> `}${to === null ? '' : rowBadge(to)} ${says}</p>
            ${call === null ? '' : callDetails(call)}
          </div>
        </li>`,
    )}
  </ol>`;
}
