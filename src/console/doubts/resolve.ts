import type { FastifyInstance } from 'fastify';
import { refusedForm } from '../acts/refused-form.ts';
import { registerAct } from '../acts/register-act.ts';
import type { Console } from '../console.ts';
import { hrefOfDoubts, hrefOfRow } from '../shown/hrefs.ts';
import { resolveRow } from './resolve-row.ts';
import { readVerdict } from './verdicts.ts';

/** `POST /leads/:id/resolve`: a person ends a doubt. */
export function registerResolve(app: FastifyInstance, parts: Console): void {
  const { ports, settings } = parts;
  const { timeZone } = settings.surroundings;
  const route = { path: '/leads/:id/resolve', needs: 'operator', section: 'doubts' } as const;
  registerAct(app, parts, route, async ({ params, act, field }) => {
    const id = params['id'] ?? '';
    const verdict = readVerdict(field('verdict'), field('leadId').trim());
    const end = await resolveRow(ports, { id, version: field('version'), verdict, act, timeZone });
    if (end.kind === 'refused') return refusedForm(end, end.why === 'no_such' ? hrefOfDoubts() : hrefOfRow(id));
    return { kind: 'done', to: field('from') === 'list' ? hrefOfDoubts() : hrefOfRow(id), said: 'resolved' };
  });
}
