import { html } from 'hono/html';
import type { Html } from '../page/page.ts';
import { estadoBadge, isClosure } from './estado.ts';
import type { LeadRecord, LeadUpdate } from './read-lead.ts';
import { when } from './when.ts';

/** A lead's life as a list, oldest first: its registration, then each update. */
export function history({ createdAt, updates, hasEarlier }: LeadRecord): Html {
  return html`<ol class="history">
    <li>
      <p class="what"><span class="badge">alta lead</span> ${when(createdAt)}</p>
    </li>
    ${hasEarlier ? html`<li class="gap"><p class="quiet">Earlier updates are not shown.</p></li>` : ''}
    ${updates.map(update)}
  </ol>`;
}

function update({ estado, observacion, requestId, createdAt }: LeadUpdate): Html {
  return html`<li class="${isClosure(estado) ? 'closure' : ''}">
    <p class="what">${estadoBadge(estado)} ${when(createdAt)}</p>
    <p class="observacion">${observacion}</p>
    ${requestId === null ? '' : html`<p class="request quiet">X-Request-Id <span class="code">${requestId}</span></p>`}
  </li>`;
}
