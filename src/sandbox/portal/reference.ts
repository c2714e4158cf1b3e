import { html } from 'hono/html';
import type { Html } from '../page/page.ts';
import { bodySchemas } from './body-schema.ts';
import { curlCommand } from './call.ts';
import { codeFigure } from './code-figure.ts';
import { describedEndpoints } from './described-endpoints.ts';
import type { DescribedEndpoint } from './described-endpoints.ts';
import { exampleAnswers } from './example-answers.ts';
import { exampleBodies } from './example-bodies.ts';
import type { Facts } from './facts.ts';
import { fieldTable } from './field-table.ts';
import { inlineCode } from './inline-code.ts';
import type { Section } from './section.ts';

/** The three endpoints, field by field, from the schemas that the sandbox checks with. */
export function referenceSection(facts: Facts): Section {
  return {
    id: 'reference',
    title: 'Reference',
    body: html`<p>
        Version <code>${facts.contract.version}</code> of the contract. The same, for programs:
        <a href="/openapi.json">openapi.json</a>. Limits are in characters.
      </p>
      ${headerTable()}`,
    parts: describedEndpoints.map((endpoint) => ({
      id: endpoint.key,
      title: endpoint.title,
      body: endpointBody(endpoint, facts),
    })),
  };
}

function endpointBody(
  { key, path, title, description, refuses, request, response }: DescribedEndpoint,
  facts: Facts,
): Html {
  const schemas = bodySchemas(facts.contract);
  const body = exampleBodies(facts.contract)[key];
  return html`<p class="endpoint"><span class="badge accent">POST</span> <code>${path}</code></p>
    <p>${description}</p>
    <div class="beside">
      <div>
        <h4>Request</h4>
        ${fieldTable(`Request of ${title}`, schemas[request])}
      </div>
      ${codeFigure({
        caption: 'Request',
        code: curlCommand({ method: 'POST', path, body }, facts),
        kind: 'command',
        call: `reference-${key}`,
      })}
    </div>
    <div class="beside">
      <div>
        <h4>Response</h4>
        ${fieldTable(`Response of ${title}`, schemas[response])}
        <p>Refused with 422, beside fields that are missing, too long or of the wrong form: ${inlineCode(refuses)}.</p>
      </div>
      <div>
        ${Object.values(exampleAnswers(facts.contract)[key]).map(({ summary, value }) =>
          codeFigure({ caption: summary, code: JSON.stringify(value, null, 2), kind: 'answer', status: 200 }),
        )}
      </div>
    </div>`;
}

function headerTable(): Html {
  const headers = [
    ['X-Request-Id', 'request', 'Your id of this one request. Kept beside the lead or update that it made.'],
    ['Idempotency-Key', 'request', 'Kept beside the lead, and nothing more: a repeated create makes one more lead.'],
    ['X-Leads-Sandbox', 'response', '1 with every answer of a sandbox.'],
    ['Retry-After', 'response', 'With 429 and 503: seconds, or an HTTP date.'],
    ['WWW-Authenticate', 'response', 'With 401: how to authenticate.'],
  ] as const;
  return html`<table class="named" aria-label="Headers">
    <thead>
      <tr>
        <th scope="col">Header</th>
        <th scope="col">Of the</th>
        <th scope="col">Description</th>
      </tr>
    </thead>
    <tbody>
      ${headers.map(
        ([name, of, description]) =>
          html`<tr>
            <th scope="row"><code>${name}</code></th>
            <td>${of}</td>
            <td>${description}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
