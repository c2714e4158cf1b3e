import { html } from 'hono/html';
import type { LeadsContract } from '../../contract/leads-contract.ts';
import { altaLeadEndpoint } from '../endpoints/alta-lead.ts';
import type { Html } from '../page/page.ts';

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

/** What a sandbox without leads shows: how to make one. */
export function firstLead({ contract, origin }: { readonly contract: LeadsContract; readonly origin: string }): Html {
  const body = JSON.stringify(contract.toRequest.altaLead(example), null, 2).replaceAll('\n', '\n  ');
  return html`<div class="card none">
    <h2>Register the first lead</h2>
    <p>A lead shows here as soon as an alta lead was accepted. From a shell:</p>
    <pre tabindex="0" aria-label="Command"><code>curl ${origin}${altaLeadEndpoint.path} \\
  -H 'content-type: application/json' \\
  -d '${body}'</code></pre>
    <p>
      Then load this page again. What each field means and which values it takes is in the <a href="/docs">API docs</a>.
    </p>
  </div>`;
}
