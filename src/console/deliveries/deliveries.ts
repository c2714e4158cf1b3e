import type { FastifyInstance } from 'fastify';
import type { Console } from '../console.ts';
import { visitorOf } from '../door/visitor.ts';
import { queryOf } from '../frame/query.ts';
import { withQuery } from '../shown/hrefs.ts';
import { deliveriesPage, filterOf } from './deliveries-page.ts';
import { deliveryPage, noSuchDelivery } from './delivery-page.ts';
import { registerDeliveryActs } from './delivery-acts.ts';
import { readDeliveries } from './read-deliveries.ts';

/** `/deliveries`: what is told outside, and which receivers are in trouble. `/deliveries/:id`: one of them. */
export function registerDeliveries(app: FastifyInstance, parts: Console): void {
  const { frame, ports, settings } = parts;
  const { timeZone } = settings.surroundings;
  registerDeliveryActs(app, parts);

  app.get('/deliveries', async (request, reply) => {
    const visitor = visitorOf(request);
    const listed = await readDeliveries(ports, queryOf(request));
    const main = deliveriesPage(listed, { visitor, timeZone });
    const liveFrom = withQuery('/live/deliveries', { ...filterOf(listed), before: listed.before ?? undefined });
    return frame.send(reply, { title: 'Deliveries', section: 'deliveries', visitor, main, liveFrom });
  });

  app.get<{ Params: { id: string } }>('/deliveries/:id', async (request, reply) => {
    const { id } = request.params;
    const visitor = visitorOf(request);
    const [delivery] = /^\d{1,18}$/.test(id) ? await ports.deliveries.deliveries({ id, limit: 1 }) : [];
    const page = { section: 'deliveries', visitor } as const;
    if (delivery === undefined)
      return frame.send(reply, { ...page, title: 'No such delivery', main: noSuchDelivery(), status: 404 });
    const main = deliveryPage(delivery, { visitor, timeZone });
    return frame.send(reply, { ...page, title: `Delivery ${id}`, main });
  });
}
