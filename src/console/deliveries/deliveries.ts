import type { FastifyInstance } from 'fastify';
import type { Console } from '../console.ts';
import { visitorOf } from '../door/visitor.ts';
import { queryOf } from '../frame/query.ts';
import { withQuery } from '../shown/hrefs.ts';
import { deliveriesPage, filterOf } from './deliveries-page.ts';
import { registerDeliveryActs } from './delivery-acts.ts';
import { readDeliveries } from './read-deliveries.ts';

/** `/deliveries`: what is told outside, and which receivers are in trouble. */
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
}
