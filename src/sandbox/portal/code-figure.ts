import { html } from 'hono/html';
import type { Html } from '../page/page.ts';
import { exampleLeadId } from './example-bodies.ts';

export interface CodeFigure {
  /** What it is, for its head line. */
  readonly caption: Html | string;
  readonly code: string;
  /** A command is to be run; an answer is what comes back. */
  readonly kind: 'command' | 'answer' | 'text';
  /** An HTTP status, shown beside the caption. */
  readonly status?: number;
  /** For tests, which read what the page shows: which call this is. */
  readonly call?: string;
}

/** A block of code with a head line and a button that copies it; the script shows the button, for it does nothing without. */
export function codeFigure({ caption, code, kind, status, call }: CodeFigure): Html {
  return html`<figure class="code ${kind}" data-kind="${kind}" data-call="${call ?? ''}" data-status="${status ?? ''}">
    <figcaption>
      <span>${caption}</span>
      ${status === undefined ? '' : html`<span class="badge ${status < 400 ? 'good' : 'bad'}">${status}</span>`}
      ${kind !== 'command' ? '' : html`<button type="button" class="copy" hidden>Copy</button>`}
    </figcaption>
    <pre><code>${kind === 'command' ? withLeadId(code) : code}</code></pre>
  </figure>`;
}

/** Marks the example's leadId, so that the script can put the reader's own in its place. */
function withLeadId(code: string): readonly (Html | string)[] {
  return code
    .split(exampleLeadId)
    .flatMap((part, index) => (index === 0 ? [part] : [html`<span class="lead-id">${exampleLeadId}</span>`, part]));
}
