import { html } from 'hono/html';
import type { Html } from '../page/page.ts';
import { codeFigure } from './code-figure.ts';
import { exampleRefusal } from './example-answers.ts';
import type { Section } from './section.ts';

interface Outcome {
  readonly got: Html;
  readonly happened: string;
  readonly again: Html;
  /** Nobody knows whether it was carried out. */
  readonly isDoubt?: boolean;
}

const outcomes: readonly Outcome[] = [
  {
    got: html`<code>200</code> with what the endpoint answers`,
    happened: 'Carried out.',
    again: html`No need.`,
  },
  {
    got: html`<code>200</code> with <code>"status": "KO"</code>`,
    happened: 'An incident. Nothing was done.',
    again: html`Yes, later.`,
  },
  {
    got: html`<code>400</code>, <code>413</code>, <code>415</code>`,
    happened:
      'What was sent is not JSON, not UTF-8, a body that has a field twice, over 64 KiB, compressed, or neither JSON nor a form. Nothing was done.',
    again: html`After a correction.`,
  },
  {
    got: html`<code>401</code>, <code>403</code>`,
    happened: 'Credentials that are missing, wrong or expired, or that do not reach. Nothing was done.',
    again: html`With other credentials. Stop until then: every call will fare the same.`,
  },
  {
    got: html`<code>404</code>, <code>405</code>`,
    happened: 'There is no such path, or not with this method. Nothing was done.',
    again: html`After a correction.`,
  },
  {
    got: html`<code>422</code> with <code>message</code> and <code>errors</code>`,
    happened: 'Refused. Nothing was done.',
    again: html`After a correction.`,
  },
  {
    got: html`<code>429</code>, <code>503</code> with <code>Retry-After</code>`,
    happened: 'Too fast, or out of service. Nothing was done.',
    again: html`Yes, when <code>Retry-After</code> says: seconds, or an HTTP date.`,
  },
  {
    got: html`<code>3xx</code>, <code>500</code>, <code>502</code>, a page of HTML, a gateway’s body`,
    happened: 'Unknown: it may have been carried out.',
    again: html`A client check, yes. A create, <strong>no</strong>.`,
    isDoubt: true,
  },
  {
    got: html`no answer, half of one, one that can’t be read, <code>200</code> without <code>leadId</code>`,
    happened: 'Unknown: it may have been carried out.',
    again: html`A client check, yes. A create, <strong>no</strong>.`,
    isDoubt: true,
  },
];

export function errorsSection(): Section {
  return {
    id: 'errors',
    title: 'Errors',
    body: html`<p>
        The specification shows no error body. What an answer means for your next step is the same in the sandbox and
        behind any gateway:
      </p>
      <table class="outcomes" aria-label="What an answer means">
        <thead>
          <tr>
            <th scope="col">You get</th>
            <th scope="col">What happened</th>
            <th scope="col">Send it again?</th>
          </tr>
        </thead>
        <tbody>
          ${outcomes.map(
            ({ got, happened, again, isDoubt }) =>
              html`<tr class="${isDoubt === true ? 'doubt' : ''}">
                <td>${got}</td>
                <td>${happened}</td>
                <td>${again}</td>
              </tr>`,
          )}
        </tbody>
      </table>
      <p>
        A status update may be repeated too, as long as no newer one of the same lead has been sent: it sets the same
        state, and stands twice in the history.
      </p>
      <p>A refusal names every wrong field, by its name in the body:</p>
      ${codeFigure({ caption: 'Refused', code: JSON.stringify(exampleRefusal, null, 2), kind: 'answer', status: 422 })}`,
  };
}
