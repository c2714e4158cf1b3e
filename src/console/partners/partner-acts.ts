import type { FastifyInstance } from 'fastify';
import { refusedForm } from '../acts/refused-form.ts';
import { registerAct } from '../acts/register-act.ts';
import type { Console } from '../console.ts';
import { hrefOfPartner } from '../shown/hrefs.ts';
import { pausePartner, resumePartner } from './partner-deeds.ts';

/** `POST /partners/:id/pause` and `resume`. */
export function registerPartnerActs(app: FastifyInstance, parts: Console): void {
  const { ports, settings } = parts;
  const { timeZone } = settings.surroundings;
  const route = { needs: 'operator', section: 'partners' } as const;

  registerAct(app, parts, { ...route, path: '/partners/:id/pause' }, async ({ params, act }) => {
    const id = params['id'] ?? '';
    const end = await pausePartner(ports, id, { act, timeZone });
    if (end.kind === 'refused') return refusedForm(end, end.why === 'no_such' ? '/partners' : hrefOfPartner(id));
    return { kind: 'done', to: hrefOfPartner(id), said: 'paused' };
  });

  registerAct(app, parts, { ...route, path: '/partners/:id/resume' }, async ({ params, act }) => {
    const id = params['id'] ?? '';
    const end = await resumePartner(ports, id, act);
    if (end.kind === 'refused') return refusedForm(end, hrefOfPartner(id));
    return { kind: 'done', to: hrefOfPartner(id), said: 'resumed' };
  });
}
