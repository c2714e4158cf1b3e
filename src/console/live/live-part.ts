import { html } from 'hono/html';
import type { Html } from '../frame/frame.ts';

/** Parts of a page that are kept as they are now, by name. */
export type LiveParts = Readonly<Record<string, Html>>;

/** A part in its place. The script replaces what is in it, unless somebody is at it. */
export function livePart(parts: LiveParts, name: string): Html {
  return html`<div data-live="${name}">${parts[name] ?? ''}</div>`;
}

/** Whether the page is live; empty until it is known. A screen reader is told, too, that it no longer is. */
export const liveSaid: Html = html`<p class="quiet live" data-live-said aria-live="polite"></p>`;
