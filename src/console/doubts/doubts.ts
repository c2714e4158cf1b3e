import type { FastifyInstance } from 'fastify';
import type { Console } from '../console.ts';
import { visitorOf } from '../door/visitor.ts';
import { queryOf } from '../frame/query.ts';
import { doubtsPage } from './doubts-page.ts';
import { readDoubts } from './read-doubts.ts';
import { registerResolve } from './resolve.ts';

/** `/in-doubt`: what may have been carried out, as a list to be worked off. */
export function registerDoubts(app: FastifyInstance, parts: Console): void {
  const { frame, ports, settings } = parts;
  registerResolve(app, parts);
  app.get('/in-doubt', async (request, reply) => {
    const visitor = visitorOf(request);
    const listed = await readDoubts(ports, queryOf(request));
    const at = { visitor, now: new Date(ports.clock.wallMs()), timeZone: settings.surroundings.timeZone };
    return frame.send(reply, { title: 'In doubt', section: 'doubts', visitor, main: doubtsPage(listed, at) });
  });
}
