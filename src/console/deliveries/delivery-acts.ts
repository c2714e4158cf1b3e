import type { FastifyInstance } from 'fastify';
import type { Channel } from '../../app/ports/delivery-ledger.ts';
import { registerAct } from '../acts/register-act.ts';
import type { Console } from '../console.ts';
import { hrefOfDeliveries, hrefOfDelivery } from '../shown/hrefs.ts';

const channels: readonly Channel[] = ['file', 'webhook', 'email'];

/** `POST /deliveries/:id/again`, and `/deliveries/targets/:channel/:recipient/go-on`: a receiver that was stopped is told again. */
export function registerDeliveryActs(app: FastifyInstance, parts: Console): void {
  const { ports } = parts;
  const route = { needs: 'operator', section: 'deliveries' } as const;

  registerAct(app, parts, { ...route, path: '/deliveries/:id/again' }, async ({ params, act, field }) => {
    const id = params['id'] ?? '';
    const [found] = /^\d{1,18}$/.test(id) ? await ports.deliveries.deliveries({ id, limit: 1 }) : [];
    if (found === undefined)
      return { kind: 'refused', says: 'There is no such delivery.', back: '/deliveries', status: 404 };
    const back = hrefOfDelivery(id);
    const says = 'It goes out already: somebody was quicker. Nothing of yours was done.';
    if (found.endedAt?.toISOString() !== field('seen')) return { kind: 'refused', says, back };
    await ports.deliveries.sendAgain(id, act);
    return { kind: 'done', to: back, said: 'sent_again' };
  });

  const path = '/deliveries/targets/:channel/:recipient/go-on';
  registerAct(app, parts, { ...route, path }, async ({ params, act }) => {
    const channel = channels.find((one) => one === params['channel']);
    const recipient = params['recipient'] ?? '';
    const back = hrefOfDeliveries({ partner: recipient });
    if (channel !== undefined && (await ports.deliveries.goOn({ channel, recipient }, act)))
      return { kind: 'done', to: back, said: 'let_go_on' };
    return { kind: 'refused', says: 'It is not stopped: somebody was quicker.', back };
  });
}
