import type { FastifyInstance } from 'fastify';
import { resumeWork } from '../../app/stop-work.ts';
import { defaultAccount } from '../../domain/account.ts';
import { sayPause } from '../../view/stop-words.ts';
import { registerAct } from '../acts/register-act.ts';
import type { Console } from '../console.ts';
import { hrefOfPartner } from '../shown/hrefs.ts';
import { readPartners } from './read-partners.ts';

/** `POST /partners/:id/pause` and `resume`. */
export function registerPartnerActs(app: FastifyInstance, parts: Console): void {
  const { ports, settings } = parts;
  const route = { needs: 'operator', section: 'partners' } as const;

  registerAct(app, parts, { ...route, path: '/partners/:id/pause' }, async ({ params, act }) => {
    const id = params['id'] ?? '';
    // A pause of a name that nobody has would look as if it held something.
    if (!(await readPartners(ports)).partners.some((one) => one.id === id))
      return { kind: 'refused', says: 'There is no such partner.', back: '/partners', status: 404 };
    const to = hrefOfPartner(id);
    if (await ports.ledger.pause(id, act)) return { kind: 'done', to, said: 'paused' };
    const { pauses } = await ports.ledger.stops(defaultAccount);
    const own = pauses.find(({ partner }) => partner === id);
    const says =
      own === undefined ? 'It was paused already.' : `Already ${sayPause(own, settings.surroundings.timeZone)}`;
    return { kind: 'refused', says, back: to };
  });

  registerAct(app, parts, { ...route, path: '/partners/:id/resume' }, async ({ params, act }) => {
    const id = params['id'] ?? '';
    const to = hrefOfPartner(id);
    if (id !== '' && (await resumeWork(ports, id, act)).pauses > 0) return { kind: 'done', to, said: 'resumed' };
    return { kind: 'refused', says: 'It is not paused: somebody was quicker.', back: to };
  });
}
