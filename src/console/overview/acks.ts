import type { FastifyInstance } from 'fastify';
import { momentAheadExpected, readMomentAhead } from '../../view/moment-ahead.ts';
import { takeStock } from '../../view/take-stock.ts';
import { registerAct } from '../acts/register-act.ts';
import type { Console } from '../console.ts';

/** `POST /alarms/known` and `/alarms/withdraw`: what needs a person is known, or is news again. */
export function registerAcks(app: FastifyInstance, parts: Console): void {
  const { ports, settings } = parts;
  const { timeZone } = settings.surroundings;
  const route = { needs: 'operator', section: 'overview' } as const;

  registerAct(app, parts, { ...route, path: '/alarms/known' }, async ({ act, field, fields }) => {
    const until = readMomentAhead(field('until'), { now: new Date(ports.clock.wallMs()), timeZone });
    if (until === null)
      return { kind: 'refused', says: `Until when? Expected ${momentAheadExpected}.`, back: '/', status: 400 };
    const wanted = fields('alarm').map((text) => /^(\d+) (.+)$/.exec(text));
    const { needsPerson } = await takeStock(ports, { limit: 1 });
    const known = wanted.flatMap((parsed) => {
      const need = needsPerson.find(({ alarm }) => alarm === parsed?.[2]);
      // What has come since this person looked is news to them, too.
      return need === undefined ? [] : [{ alarm: need.alarm, level: Math.min(need.level, Number(parsed?.[1])) }];
    });
    if (known.length === 0)
      return { kind: 'refused', says: 'It is over already: nothing needs a person there any more.', back: '/' };
    for (const alarm of known) await ports.alarms.acknowledge(alarm, until, act);
    return { kind: 'done', to: '/', said: 'acknowledged' };
  });

  registerAct(app, parts, { ...route, path: '/alarms/withdraw' }, async ({ act, field }) =>
    (await ports.alarms.withdraw(field('alarm'), act))
      ? { kind: 'done', to: '/', said: 'withdrawn' }
      : { kind: 'refused', says: 'It is news already: somebody was quicker, or its time is over.', back: '/' },
  );
}
