import type { FastifyInstance } from 'fastify';
import { html } from 'hono/html';
import type { LedgerRow } from '../../app/ports/row.ts';
import { refusedForm } from '../acts/refused-form.ts';
import { registerAct } from '../acts/register-act.ts';
import type { Console } from '../console.ts';
import type { Html } from '../frame/frame.ts';
import { facts, type Fact } from '../shown/facts.ts';
import { hrefOfRow } from '../shown/hrefs.ts';
import { revealRow } from './reveal-row.ts';

/**
 * `POST /leads/:id/reveal`: what a row says of a person, once, to who gives a reason. Audited before it is shown. It is the
 * answer to the POST, so that it has no address, stands in no history, and is kept by no cache.
 */
export function registerReveal(app: FastifyInstance, parts: Console): void {
  const { ports } = parts;
  const route = { path: '/leads/:id/reveal', needs: 'operator', section: 'rows' } as const;
  registerAct(app, parts, route, async ({ params, act }) => {
    const id = params['id'] ?? '';
    const end = await revealRow(ports, id, act);
    if (end.kind === 'refused') return refusedForm(end, end.why === 'no_such' ? '/rows' : hrefOfRow(id));
    return { kind: 'shown', title: `Row ${id}, in clear`, main: revealedPage(end.row, Object.entries(end.values)) };
  });
}

function revealedPage({ id, kind, partner }: LedgerRow, values: readonly Fact[]): Html {
  return html`<p class="back"><a href="${hrefOfRow(id)}">‹ Row ${id}</a></p>
    <h1>What row ${id} says</h1>
    <p class="who">${kind === 'lead' ? 'A lead' : 'A status update'} of ${partner}. That you looked is audited.</p>
    <section class="card" aria-label="Its values">${facts(values)}</section>`;
}
