import { html } from 'hono/html';
import { sayAnswer, sayRequest, type ToldAttempt } from '../../view/told-call.ts';
import type { Html } from '../frame/frame.ts';
import { facts } from './facts.ts';

/** What a call sent and what is kept of what came, closed; without what either says of a person. */
export function callDetails(call: ToldAttempt): Html {
  const { request, answer } = call;
  const { endpoint, method, path, fields } = request;
  return html`<details class="call">
    <summary>Request and answer</summary>
    ${
      fields === null
        ? html`<p>${sayRequest(request)}</p>`
        : html`<p><code>${method === null || path === null ? endpoint : `${method} ${path}`}</code></p>
            ${facts(Object.entries(fields))}`
    }
    ${
      answer === null || Object.keys(answer.fields).length === 0
        ? html`<p>Answer: ${sayAnswer(call)}</p>`
        : html`<p>Answer: HTTP ${String(call.httpStatus)}</p>
            ${facts(Object.entries(answer.fields))}`
    }
  </details>`;
}
