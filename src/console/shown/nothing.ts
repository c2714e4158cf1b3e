import { html } from 'hono/html';
import type { Html } from '../frame/frame.ts';

/** A value that isn't there: a dash to see, words to hear. */
export const nothing: Html = html`<span class="quiet" aria-hidden="true">–</span><span class="unseen">none</span>`;
