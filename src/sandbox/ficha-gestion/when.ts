import { html } from 'hono/html';
import type { Html } from '../page/page.ts';

/** A moment to the second, in UTC, as everything in the Ficha Gestión is. */
export function when(moment: Date): Html {
  const iso = moment.toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 10)} <span>${iso.slice(11, 19)}</span></time>`;
}
