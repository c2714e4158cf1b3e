import type { FastifyInstance } from 'fastify';
import { html } from 'hono/html';
import { readDoubt } from '../../view/doubt.ts';
import { readLeadLife } from '../../view/lead-life.ts';
import type { Console } from '../console.ts';
import { visitorOf } from '../door/visitor.ts';
import type { Html } from '../frame/frame.ts';
import { backOf } from './back-of.ts';
import { leadPage } from './lead-page.ts';
import { registerReveal } from './reveal.ts';

/** `/leads/:id`: one row's whole life, of a lead or a status update, by the row's number. */
export function registerLeads(app: FastifyInstance, parts: Console): void {
  const { frame, ports, settings } = parts;
  registerReveal(app, parts);
  app.get<{ Params: { id: string } }>('/leads/:id', async (request, reply) => {
    const [, id = null] = /^(?:ls-)?(\d{1,18})$/.exec(request.params.id) ?? [];
    const row = id === null ? null : await ports.ledger.row(id);
    const visitor = visitorOf(request);
    if (row === null)
      return frame.send(reply, { title: 'No such row', section: 'rows', visitor, main: noSuchRow(), status: 404 });
    const life = await readLeadLife(ports, row);
    const main = leadPage(life, {
      timeZone: settings.surroundings.timeZone,
      back: backOf(request),
      visitor,
      sendAgainInMs: row.state === 'in_doubt' ? (await readDoubt(ports, row)).sendAgainInMs : 0,
    });
    return frame.send(reply, { title: `Row ${row.id}`, section: 'rows', visitor, main });
  });
}

function noSuchRow(): Html {
  return html`<h1>No such row</h1>
    <p>The ledger knows no row of this number. <a href="/rows">All rows</a></p>`;
}
