import type { FastifyInstance } from 'fastify';
import type { Console } from '../console.ts';
import { visitorOf } from '../door/visitor.ts';
import { queryOf } from '../frame/query.ts';
import { readRows } from './read-rows.ts';
import { readRowsAsked } from './row-filters.ts';
import { rowsPage } from './rows-page.ts';

/** `/rows`: rows by what they have in common. The filters stand in the address. */
export function registerRows(app: FastifyInstance, { frame, ports, settings }: Console): void {
  const { timeZone } = settings.surroundings;
  app.get('/rows', async (request, reply) => {
    const asked = readRowsAsked(queryOf(request), { now: new Date(ports.clock.wallMs()), timeZone });
    const listed = await readRows(ports, asked);
    const status = Object.keys(asked.faults).length === 0 ? 200 : 400;
    const main = rowsPage(listed, timeZone);
    return frame.send(reply, { title: 'Rows', section: 'rows', visitor: visitorOf(request), main, status });
  });
}
