import { html } from 'hono/html';
import { altaLeadEndpoint } from '../endpoints/alta-lead.ts';
import type { Html } from '../page/page.ts';
import { curlCommand } from '../portal/call.ts';
import type { Facts } from '../portal/facts.ts';

/** A made-up person; what is required and enough to fill the listing. */
const example = {
  acceptTerms: 'true',
  leadOrigin: '1',
  partnerLeadId: 'EXAMPLE-1',
  partner: 'Example partner',
  campaign: 'spring',
  agenteId: '0051245',
  dni: '12345604G',
  motivoLlamada: '1',
  name: 'Marta Ejemplo Ruiz',
  phone: '600000001',
  ramo: '1',
};

/** What a sandbox without leads shows: how to make one, credentials and all. */
export function firstLead(facts: Facts): Html {
  const body = facts.contract.toRequest.altaLead(example);
  const command = curlCommand({ method: 'POST', path: altaLeadEndpoint.path, body }, facts);
  return html`<div class="card none">
    <h2>Register the first lead</h2>
    <p>A lead shows here as soon as an alta lead was accepted. From a shell:</p>
    ${facts.authentication === 'none' ? '' : login}
    <pre tabindex="0" aria-label="Command"><code>${command}</code></pre>
    <p>
      Then load this page again. What each field means and which values it takes is in the <a href="/docs">API docs</a>.
    </p>
  </div>`;
}

const login = html`<p>The variables are credentials: <a href="/docs#authentication">how to get them</a>.</p>`;
