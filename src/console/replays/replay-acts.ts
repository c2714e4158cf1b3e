import type { FastifyInstance } from 'fastify';
import { sayReplayProgress } from '../../view/replay-words.ts';
import { registerAct } from '../acts/register-act.ts';
import type { Console } from '../console.ts';
import { hrefOfReplay, withQuery } from '../shown/hrefs.ts';
import { replayRate } from './replay-rate.ts';
import { digestOf, fieldsOfSelection, readSelection } from './read-selection.ts';

const filterNames = ['partner', 'file', 'kind', 'state', 'code', 'since', 'until', 'row'] as const;

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
    const { id, groups } = await ports.replays.proposeReplay(selection, { ...act, ratePerSecond });
    if (id === null) return { kind: 'refused', says: 'No row of these can be replayed any more.', back };
    if (digestOf(groups) !== field('seen')) {
      await ports.replays.discardReplay(id);
      return {
        kind: 'refused',
        says: 'Since you looked, rows have moved: other rows would be replayed than were shown. Look at them again.',
        back,
      };
    }
    if (!(await ports.replays.startReplay(id)))
      return { kind: 'refused', says: 'The selection is gone: it waited for too long. Look at it again.', back };
    return { kind: 'done', to: hrefOfReplay(id), said: 'replay_started' };
  });

  registerAct(app, parts, { ...route, path: '/replays/:id/abort' }, async ({ params, act }) => {
    const id = params['id'] ?? '';
    const batch = /^\d{1,18}$/.test(id) ? await ports.replays.replayBatch(id) : null;
    if (batch === null) return { kind: 'refused', says: 'There is no such replay.', back: '/replays', status: 404 };
    const to = hrefOfReplay(id);
    if (await ports.replays.abortReplay(id, act)) return { kind: 'done', to, said: 'replay_aborted' };
    const now = (await ports.replays.replayBatch(id)) ?? batch;
    return { kind: 'refused', says: `Replay ${id} is ${now.state} already: ${sayReplayProgress(now)}.`, back: to };
  });
}
