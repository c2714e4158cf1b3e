import { html } from 'hono/html';
import type { Html } from '../page/page.ts';

/** A value that isn't there: a dash to see, `said` to hear. */
export function nothing(said: string): Html {
  return html`<span class="quiet" aria-hidden="true">–</span><span class="unseen">${said}</span>`;
}
