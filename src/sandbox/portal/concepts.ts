import { html } from 'hono/html';
import type { Html } from '../page/page.ts';
import type { Section } from './section.ts';

const concepts: readonly { readonly id: string; readonly term: string; readonly meaning: Html }[] = [
  {
    id: 'partner',
    term: 'Partner',
    meaning: html`The external provider that calls this API: a broker, a comparison site, a call centre. It registers
      potential clients, and queries of people who are clients already. The field <code>partner</code> of a lead is a
      text for the insurer’s eyes.`,
  },
  {
    id: 'client-check',
    term: 'Client check',
    meaning: html`The call to <a href="#clientData">client data</a>, before anything is created: is the person with this
      NIF a client, and has the partner to manage them? It changes nothing.`,
  },
  {
    id: 'managed',
    term: 'Managed',
    meaning: html`<code>partnerManage</code> true: this person is the partner’s to manage, so a lead may be created.
      False: nothing more is sent, and what the answer says of the person is not passed on.`,
  },
  {
    id: 'lead',
    term: 'Lead',
    meaning: html`A person’s wish for a budget (<code>motivoLlamada</code> 1) or for help (2), created by
      <a href="#altaLead">alta lead</a>. Creating is <strong>not idempotent</strong>: each request that is carried out
      makes one more lead, with whatever key it comes.`,
  },
  {
    id: 'lead-id',
    term: 'leadId',
    meaning: html`The insurer’s identifier of a lead, and the only proof that it exists. It stands in the answer to the
      create and nowhere else: no call finds a lead again. <code>partnerLeadId</code> is your own; it is kept and never
      checked.`,
  },
  {
    id: 'status-update',
    term: 'Status update',
    meaning: html`What <a href="#updateLead">update lead</a> sets on a lead: a number, <code>estado</code>, and a note,
      <code>observacion</code>. <code>20</code> closes it (“cierre en GAM”). Updates are kept in the order in which they
      arrive.`,
  },
  {
    id: 'ficha-gestion',
    term: 'Ficha Gestión',
    meaning: html`The insurer’s screen on which people see and work the leads. Here it is
      <a href="/ficha-gestion">a page of the sandbox</a>: every lead, field by field, with its history, and the listing
      as CSV, UTF-8 with times in UTC. <code>X-Listing-As-Of</code> and the name of the file say when it was taken: a
      create that was answered by then is in it. In the CSV an apostrophe stands before what a spreadsheet would run as
      a formula. To read it back, take one apostrophe off each cell that begins with apostrophes, then maybe white
      space, then <code>=</code>, <code>+</code>, <code>-</code>, <code>@</code>, a tab, a carriage return or a
      full-width <code>＝</code>, <code>＋</code>, <code>－</code>, <code>＠</code>.`,
  },
  {
    id: 'agent-rule',
    term: 'The agent rule',
    meaning: html`A client keeps their agent: the <code>agentId</code> of the client check “must be the same one to
      process the request”, so it goes into <code>agenteId</code> of the lead, and another one is refused. Whoever is no
      client gets the agent that the check proposes, or one that the partner assigns. Always seven digits, leading zeros
      and all: <code>0051245</code>.`,
  },
  {
    id: 'multi-acceso',
    term: 'multiAcceso',
    meaning: html`True: the client’s agent takes part in the general distribution of leads. False: this agent alone is
      the contact. It changes what the person is <em>told</em>, not what is sent.`,
  },
  {
    id: 'ko',
    term: 'KO with 200',
    meaning: html`An incident may come as HTTP 200 with <code>"status": "KO"</code> in the body. Read the body before
      the HTTP status: a 200 without a <code>leadId</code> is not a lead.`,
  },
];

export function conceptsSection(): Section {
  return {
    id: 'concepts',
    title: 'Concepts',
    body: html`<dl class="concepts">
      ${concepts.map(
        ({ id, term, meaning }) =>
          html`<div id="${id}">
            <dt><a href="#${id}">${term}</a></dt>
            <dd>${meaning}</dd>
          </div>`,
      )}
    </dl>`,
  };
}
