import type { FastifyInstance } from 'fastify';
import { html } from 'hono/html';
import { openLead, openUpdate } from '../../app/row-payload.ts';
import type { LedgerRow } from '../../app/ports/row.ts';
import { sayTakenValues } from '../../view/taken-values.ts';
import { registerAct } from '../acts/register-act.ts';
import type { Console } from '../console.ts';
import type { Html } from '../frame/frame.ts';
import type { ConsolePorts } from '../ports.ts';
import { facts, type Fact } from '../shown/facts.ts';
import { hrefOfRow } from '../shown/hrefs.ts';

/**
 * `POST /leads/:id/reveal`: what a row says of a person, once, to who gives a reason. Audited before it is shown. It is the
 * answer to the POST, so that it has no address, stands in no history, and is kept by no cache.
 */
export function registerReveal(app: FastifyInstance, parts: Console): void {
  const { ports } = parts;
  const route = { path: '/leads/:id/reveal', needs: 'operator', section: 'rows' } as const;
  registerAct(app, parts, route, async ({ params, act }) => {
    const id = params['id'] ?? '';
    const row = /^\d{1,18}$/.test(id) ? await ports.ledger.row(id) : null;
    if (row === null) return { kind: 'refused', says: 'There is no such row.', back: '/rows', status: 404 };
    const taken = sayTakenValues(row);
    if (taken !== null) return { kind: 'refused', says: `Its values are not here: ${taken}.`, back: hrefOfRow(id) };
    const values = await valuesOf(ports, row);
    await ports.audit.note({ action: 'console.revealed', ...act, detail: { row: id, partner: row.partner } });
    return { kind: 'shown', title: `Row ${id}, in clear`, main: revealedPage(row, values) };
  });
}

async function valuesOf({ vault }: Pick<ConsolePorts, 'vault'>, row: LedgerRow): Promise<readonly Fact[]> {
  if (row.kind === 'update') {
    const { partnerLeadId, leadId, estado, observacion } = await openUpdate(vault, row);
    return Object.entries({ partnerLeadId, leadId, estado, observacion });
  }
  const { partnerLeadId, fields } = await openLead(vault, row);
  return [['partnerLeadId', partnerLeadId], ...Object.entries(fields)];
}

function revealedPage({ id, kind, partner }: LedgerRow, values: readonly Fact[]): Html {
  return html`<p class="back"><a href="${hrefOfRow(id)}">‹ Row ${id}</a></p>
    <h1>What row ${id} says</h1>
    <p class="who">${kind === 'lead' ? 'A lead' : 'A status update'} of ${partner}. That you looked is audited.</p>
    <section class="card" aria-label="Its values">${facts(values)}</section>`;
}
