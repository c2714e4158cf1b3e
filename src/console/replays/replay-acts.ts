import type { FastifyInstance } from 'fastify';
import { refusedForm } from '../acts/refused-form.ts';
import { registerAct } from '../acts/register-act.ts';
import type { Console } from '../console.ts';
import { hrefOfReplay, withQuery } from '../shown/hrefs.ts';
import { replayRate } from './replay-rate.ts';
import { abortReplay, beginReplay } from './replay-deeds.ts';
import { fieldsOfSelection, readSelection } from './read-selection.ts';

const filterNames = ['partner', 'file', 'kind', 'state', 'code', 'night', 'since', 'until', 'row'] as const;

/** `POST /replays`: freezes what was shown and lets it go. `POST /replays/:id/abort`: ends one where it is. */
export function registerReplayActs(app: FastifyInstance, parts: Console): void {
  const { ports, settings } = parts;
  const { timeZone } = settings.surroundings;
  const route = { needs: 'operator', section: 'replays' } as const;

  registerAct(app, parts, { ...route, path: '/replays' }, async ({ act, field }) => {
    const query = Object.fromEntries(
      filterNames.map((name) => [name, field(name)]).filter(([, value]) => value !== ''),
    );
    const { selection, isFaulty } = readSelection(query, { now: new Date(ports.clock.wallMs()), timeZone });
    const back = withQuery('/replays/new', fieldsOfSelection(selection));
    const ratePerSecond = replayRate(field('rate'), ports.settings);
    if (isFaulty || ratePerSecond === null)
      return { kind: 'refused', says: 'Expected a number of rows a second, from 1 to 10,000.', back, status: 400 };
    const end = await beginReplay(ports, selection, { ...act, ratePerSecond, seen: field('seen') });
    if (end.kind === 'refused') return refusedForm(end, back);
    return { kind: 'done', to: hrefOfReplay(end.id), said: 'replay_started' };
  });

  registerAct(app, parts, { ...route, path: '/replays/:id/abort' }, async ({ params, act }) => {
    const id = params['id'] ?? '';
    const end = await abortReplay(ports, id, act);
    if (end.kind === 'refused') return refusedForm(end, end.why === 'no_such' ? '/replays' : hrefOfReplay(id));
    return { kind: 'done', to: hrefOfReplay(id), said: 'replay_aborted' };
  });
}
