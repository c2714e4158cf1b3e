import { html } from 'hono/html';
import type { Html } from '../page/page.ts';

/** Plain text in which what stands between backticks is code. */
export function inlineCode(text: string): readonly (Html | string)[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));
}
