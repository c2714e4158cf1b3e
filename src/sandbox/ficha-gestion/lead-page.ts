import { html } from 'hono/html';
import type { LeadField, LeadsContract } from '../../contract/leads-contract.ts';
import type { Html } from '../page/page.ts';
import { estadoBadge } from './estado.ts';
import { history } from './history.ts';
import { nothing } from './nothing.ts';
import type { LeadRecord } from './read-lead.ts';
import { when } from './when.ts';

/** All of one lead: each field of the contract, where it came from, and its updates. `back` leads to the listing. */
export function leadPage({
  contract,
  lead,
  back,
}: {
  readonly contract: LeadsContract;
  readonly lead: LeadRecord;
  readonly back: string;
}): Html {
  const { leadFields } = contract;
  const known = new Set(leadFields.map(({ name }) => name));
  const who = ['name', 'dni', 'partner'].flatMap((name) => lead.body[name] ?? []);
  const unknown = Object.keys(lead.body).filter((name) => !known.has(name));
  return html`<p class="back"><a href="${back}">‹ Leads</a></p>
    <div class="title">
      <h1>Lead ${lead.leadId}</h1>
      ${estadoBadge(lead.estado)}
    </div>
    ${who.length === 0 ? '' : html`<p class="who">${who.join(' · ')}</p>`}
    <div class="lead">
      <section aria-labelledby="record">
        <h2 id="record">Record</h2>
        <dl class="record">
          ${leadFields.map((field) => recordField(field, lead.body[field.name], meaningOf(field.name, lead, contract)))}
          ${unknown.map((name) =>
            recordField({ name, wireName: null, description: 'Not a field of this version.' }, lead.body[name]),
          )}
        </dl>
      </section>
      <div class="beside">
        <section aria-labelledby="arrival">
          <h2 id="arrival">Arrival</h2>
          <dl class="arrival">
            ${fact('created (UTC)', when(lead.createdAt))} ${fact('idLanding', lead.idLanding)}
            ${fact('X-Request-Id', lead.requestId)} ${fact('Idempotency-Key', lead.idempotencyKey)}
          </dl>
        </section>
        <section aria-labelledby="history">
          <h2 id="history">History (UTC)</h2>
          ${history(lead)}
        </section>
      </div>
    </div>`;
}

/** What the insurer knows by a code. Null: nothing. */
function meaningOf(name: string, { body, agentName }: LeadRecord, { leadOrigins }: LeadsContract): string | null {
  const value = body[name];
  if (value === undefined) return null;
  if (name === 'agenteId') return agentName ?? 'not in the table of agents';
  if (name === 'leadOrigin' && Object.hasOwn(leadOrigins, value)) return leadOrigins[value] ?? null;
  return null;
}

function recordField(
  { name, wireName, description }: Pick<LeadField, 'name' | 'wireName' | 'description'>,
  value = '',
  meaning: string | null = null,
): Html {
  const shown = value === '' ? nothing('not given') : value;
  const explained = meaning === null ? '' : html` <span class="meaning">${meaning}</span>`;
  return html`<div class="field ${value === '' ? 'empty' : ''}">
    <dt>${name}${wireName === null ? '' : html` <span class="wire">sent as ${wireName}</span>`}</dt>
    <dd class="value">${shown}${explained}</dd>
    <dd class="hint">${description}</dd>
  </div>`;
}

function fact(name: string, value: Html | string | null): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value ?? nothing('not given')}</dd>
  </div>`;
}
