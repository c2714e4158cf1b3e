import type { FastifyInstance } from 'fastify';
import { resumeWork, turnBreaker } from '../../app/stop-work.ts';
import { defaultAccount } from '../../domain/account.ts';
import { sayPause } from '../../view/stop-words.ts';
import { registerAct, type ActEnd } from '../acts/register-act.ts';
import type { Console } from '../console.ts';

/** `POST /breaker/open` and `close`, `/work/pause` and `resume`: everything stops, or goes on. */
export function registerStops(app: FastifyInstance, parts: Console): void {
  const { ports, settings } = parts;
  const route = { needs: 'admin', section: 'overview' } as const;
  const refused = (says: string): ActEnd => ({ kind: 'refused', says, back: '/' });

  for (const [wish, said] of [
    ['open', 'breaker_opened'],
    ['close', 'breaker_closed'],
  ] as const)
    registerAct(app, parts, { ...route, path: `/breaker/${wish}` }, async ({ act }) => {
      const { changed, stops } = await turnBreaker(ports, wish, act);
      if (changed) return { kind: 'done', to: '/', said };
      const { actor, reason } = stops.breaker;
      const who = actor === null ? '' : ` by ${actor}: ${reason ?? ''}`;
      return refused(`The breaker was ${wish === 'open' ? 'opened' : 'closed'} already${who}.`);
    });

  registerAct(app, parts, { ...route, path: '/work/pause' }, async ({ act }) => {
    if (await ports.ledger.pause(null, act)) return { kind: 'done', to: '/', said: 'paused' };
    const { pauses } = await ports.ledger.stops(defaultAccount);
    const own = pauses.find(({ partner }) => partner === null);
    return refused(
      own === undefined ? 'It was paused already.' : `Already ${sayPause(own, settings.surroundings.timeZone)}`,
    );
  });

  registerAct(app, parts, { ...route, path: '/work/resume' }, async ({ act }) => {
    const gaps = await ports.gap.gaps();
    if (gaps.length > 0)
      return refused(
        `LEDGER_BEHIND: the ledger lacks requests that were sent by ${gaps.map(({ host }) => host).join(', ')}. ` +
          'On that host first: leadsync recover',
      );
    const { pauses, halts } = await resumeWork(ports, null, act);
    return pauses + halts > 0 ? { kind: 'done', to: '/', said: 'resumed' } : refused('Nothing was paused or halted.');
  });
}
