import { html } from 'hono/html';
import type { Html } from '../frame/frame.ts';

export type Fact = readonly [name: string, value: Html | string | null | undefined];

/** What is known of something, a line each; what is not known is left out. */
export function facts(all: readonly Fact[]): Html {
  return html`<dl class="facts">
    ${all
      .filter(([, value]) => value !== null && value !== undefined && value !== '')
      .map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
  </dl>`;
}
