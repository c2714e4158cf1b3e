import type { FastifyInstance } from 'fastify';
import type { Console } from '../console.ts';
import { visitorOf } from '../door/visitor.ts';
import { queryOf } from '../frame/query.ts';
import { withQuery } from '../shown/hrefs.ts';
import { erasuresPage } from './erasures-page.ts';
import { readErasures } from './read-erasures.ts';

/** `/erasures`: whom nothing is kept of any more, by number, and what retention has taken. */
export function registerErasures(app: FastifyInstance, { frame, ports, settings }: Console): void {
  const { timeZone } = settings.surroundings;

  app.get('/erasures', async (request, reply) => {
    const listed = await readErasures(ports, queryOf(request), timeZone);
    const main = erasuresPage(listed, timeZone);
    const liveFrom = withQuery('/live/erasures', { before: listed.before ?? undefined, day: listed.day ?? undefined });
    const title = 'Erasures and retention';
    return frame.send(reply, { title, section: 'erasures', visitor: visitorOf(request), main, liveFrom });
  });
}
