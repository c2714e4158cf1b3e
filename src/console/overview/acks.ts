import type { FastifyInstance } from 'fastify';
import { refusedForm } from '../acts/refused-form.ts';
import { registerAct } from '../acts/register-act.ts';
import type { Console } from '../console.ts';
import { acknowledgeAlarms, withdrawAcknowledgement } from './ack-deeds.ts';

/** `POST /alarms/known` and `/alarms/withdraw`: what needs a person is known, or is news again. */
export function registerAcks(app: FastifyInstance, parts: Console): void {
  const { ports, settings } = parts;
  const { timeZone } = settings.surroundings;
  const route = { needs: 'operator', section: 'overview' } as const;

  registerAct(app, parts, { ...route, path: '/alarms/known' }, async ({ act, field, fields }) => {
    const wanted = fields('alarm').flatMap((text) => {
      const [, level, alarm] = /^(\d+) (.+)$/.exec(text) ?? [];
      return alarm === undefined ? [] : [{ alarm, level: Number(level) }];
    });
    const end = await acknowledgeAlarms(ports, wanted, { until: field('until'), act, timeZone });
    return end.kind === 'done' ? { kind: 'done', to: '/', said: 'acknowledged' } : refusedForm(end, '/');
  });

  registerAct(app, parts, { ...route, path: '/alarms/withdraw' }, async ({ act, field }) => {
    const end = await withdrawAcknowledgement(ports, field('alarm'), act);
    return end.kind === 'done' ? { kind: 'done', to: '/', said: 'withdrawn' } : refusedForm(end, '/');
  });
}
