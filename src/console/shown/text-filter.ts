import { html, raw } from 'hono/html';
import type { Html } from '../frame/frame.ts';

interface TextFilter {
  readonly name: string;
  readonly label: string;
  readonly placeholder: string;
  /** As it stands in the address. */
  readonly typed: string | undefined;
  /** What is wrong with it. */
  readonly fault?: string | undefined;
  readonly mode?: 'numeric';
}

/** A filter that is typed: it shows what the address says, and beside it what nobody understands of that. */
export function textFilter({ name, label, placeholder, typed, fault, mode }: TextFilter): Html {
  return html`<p>
    <label for="${name}">${label}</label>
    <input
      id="${name}"
      name="${name}"
      value="${typed ?? ''}"
      placeholder="${placeholder}"
      autocomplete="off"
      ${mode === undefined ? '' : raw(`inputmode="${mode}"`)}
      ${fault === undefined ? '' : raw(`aria-invalid="true" aria-describedby="${name}-fault"`)}
    />
    ${fault === undefined ? '' : html`<span class="fault" id="${name}-fault">${fault}</span>`}
  </p>`;
}
