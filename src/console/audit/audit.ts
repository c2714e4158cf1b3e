import type { FastifyInstance } from 'fastify';
import type { Console } from '../console.ts';
import { actorOf, visitorOf } from '../door/visitor.ts';
import { queryOf } from '../frame/query.ts';
import { auditPage } from './audit-page.ts';
import { readAudit } from './read-audit.ts';

/** `/audit`: what happened, by whom, and whether the log is as it was sealed. Looking at it is no event. */
export function registerAudit(app: FastifyInstance, { door, frame, ports, settings, verifier }: Console): void {
  const { timeZone } = settings.surroundings;

  app.get('/audit', async (request, reply) => {
    const visitor = visitorOf(request);
    const listed = await readAudit(ports, queryOf(request), { now: new Date(ports.clock.wallMs()), timeZone });
    const verification = verifier.standing();
    // Without scripts the page looks again by itself while there is something to wait for.
    if (verification.kind === 'under_way') reply.header('refresh', '2');
    const main = auditPage(listed, { verification, visitor, timeZone });
    const status = Object.keys(listed.faults).length === 0 ? 200 : 400;
    return frame.send(reply, { title: 'Audit log', section: 'audit', visitor, main, status });
  });

  app.post('/audit/verify', async (request, reply) => {
    if (!(await door.mayChange(request, reply, 'operator'))) return reply;
    verifier.begin(actorOf(visitorOf(request)));
    return reply.redirect('/audit', 303);
  });
}
