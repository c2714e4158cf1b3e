import type { FastifyInstance } from 'fastify';
import { html } from 'hono/html';
import type { Console } from '../console.ts';
import { visitorOf } from '../door/visitor.ts';
import { registerPartnerActs } from './partner-acts.ts';
import { partnerPage } from './partner-page.ts';
import { partnersPage } from './partners-page.ts';
import { readPartner, readPartners } from './read-partners.ts';

/** `/partners`: whose files are carried, by when, and what stands in their way. `/partners/:id`: one of them. */
export function registerPartners(app: FastifyInstance, parts: Console): void {
  const { frame, ports, settings } = parts;
  const { timeZone } = settings.surroundings;
  registerPartnerActs(app, parts);

  app.get('/partners', async (request, reply) => {
    const visitor = visitorOf(request);
    const main = partnersPage(await readPartners(ports), timeZone);
    return frame.send(reply, { title: 'Partners', section: 'partners', visitor, main });
  });

  app.get<{ Params: { id: string } }>('/partners/:id', async (request, reply) => {
    const visitor = visitorOf(request);
    const found = await readPartner(ports, request.params.id);
    if (found === null) {
      const main = html`<h1>No such partner</h1>
        <p>No config and no file is of that name. <a href="/partners">All partners</a></p>`;
      return frame.send(reply, { title: 'No such partner', section: 'partners', visitor, main, status: 404 });
    }
    const main = partnerPage(found, { visitor, timeZone });
    return frame.send(reply, { title: found.id, section: 'partners', visitor, main });
  });
}
