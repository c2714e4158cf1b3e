import { html } from 'hono/html';
import { sayDuration } from '../../view/duration.ts';
import { showInstant } from '../../view/instant.ts';
import type { Html } from '../frame/frame.ts';

/** A moment to the second, in the installation's time zone; the footer says which that is. */
export function when(instant: Date, timeZone: string): Html {
  const [date = '', time = ''] = showInstant(instant, timeZone).split(' ');
  return html`<time datetime="${instant.toISOString()}">${date} <span>${time}</span></time>`;
}

/** The same to the minute, for listings. */
export function whenShort(instant: Date, timeZone: string): Html {
  const [date = '', time = ''] = showInstant(instant, timeZone).split(' ');
  return html`<time datetime="${instant.toISOString()}">${date} <span>${time.slice(0, 5)}</span></time>`;
}

/** `6 h` since then, with the moment itself for whoever asks. */
export function since(instant: Date, now: Date, timeZone: string): Html {
  const title = showInstant(instant, timeZone);
  return html`<time datetime="${instant.toISOString()}" title="${title}"
    >${sayDuration(now.getTime() - instant.getTime())}</time
  >`;
}
