import { html } from 'hono/html';
import { faults, type FaultCode } from '../../domain/faults.ts';
import type { Html } from '../frame/frame.ts';

/** A code that explains itself: what it means, and what to do. `more` says what it is about here. */
export function faultNotice(
  code: FaultCode,
  {
    column,
    more = [],
    tone = 'bad',
  }: { readonly column?: string; readonly more?: readonly string[]; readonly tone?: 'bad' | 'warn' } = {},
): Html {
  const { means, then } = faults[code];
  return html`<div class="notice ${tone}">
    <p><code>${code}</code>${column === undefined ? '' : html` in <b>${column}</b>`}: ${means}</p>
    ${more.map((sentence) => html`<p>${sentence}</p>`)}
    <p><b>What to do:</b> ${then}</p>
  </div>`;
}
