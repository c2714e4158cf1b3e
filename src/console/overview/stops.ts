import type { FastifyInstance } from 'fastify';
import type { DeedEnd } from '../acts/deed.ts';
import type { DoneWord } from '../acts/done-words.ts';
import { refusedForm } from '../acts/refused-form.ts';
import { registerAct, type ActEnd } from '../acts/register-act.ts';
import type { Console } from '../console.ts';
import { pauseAll, resumeAll, turnBreakerByHand } from './stop-deeds.ts';

/** `POST /breaker/open` and `close`, `/work/pause` and `resume`: everything stops, or goes on. */
export function registerStops(app: FastifyInstance, parts: Console): void {
  const { ports, settings } = parts;
  const { timeZone } = settings.surroundings;
  const route = { needs: 'admin', section: 'overview' } as const;
  const ended = (end: DeedEnd, said: DoneWord): ActEnd =>
    end.kind === 'done' ? { kind: 'done', to: '/', said } : refusedForm(end, '/');

  registerAct(app, parts, { ...route, path: '/breaker/open' }, async ({ act }) =>
    ended(await turnBreakerByHand(ports, 'open', act), 'breaker_opened'),
  );
  registerAct(app, parts, { ...route, path: '/breaker/close' }, async ({ act }) =>
    ended(await turnBreakerByHand(ports, 'close', act), 'breaker_closed'),
  );
  registerAct(app, parts, { ...route, path: '/work/pause' }, async ({ act }) =>
    ended(await pauseAll(ports, { act, timeZone }), 'paused'),
  );
  registerAct(app, parts, { ...route, path: '/work/resume' }, async ({ act }) =>
    ended(await resumeAll(ports, act), 'resumed'),
  );
}
