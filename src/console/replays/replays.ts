import type { FastifyInstance } from 'fastify';
import { html } from 'hono/html';
import type { Console } from '../console.ts';
import { visitorOf } from '../door/visitor.ts';
import { queryOf } from '../frame/query.ts';
import { previewPage } from './preview-page.ts';
import { readReplay } from './read-replay.ts';
import { readSelection } from './read-selection.ts';
import { registerReplayActs } from './replay-acts.ts';
import { replayPage } from './replay-page.ts';
import { replaysPage } from './replays-page.ts';

/** Replays on a page: there are a few a week. */
const listed = 50;

/** `/replays`: those there were. `/replays/new`: what one would do. `/replays/:id`: how far one is. */
export function registerReplays(app: FastifyInstance, parts: Console): void {
  const { frame, ports, settings } = parts;
  const { timeZone } = settings.surroundings;
  registerReplayActs(app, parts);

  app.get('/replays', async (request, reply) => {
    const visitor = visitorOf(request);
    const main = replaysPage(await ports.replays.replayBatches(listed), { visitor, timeZone });
    return frame.send(reply, { title: 'Replays', section: 'replays', visitor, main });
  });

  app.get('/replays/new', async (request, reply) => {
    const visitor = visitorOf(request);
    const asked = readSelection(queryOf(request), { now: new Date(ports.clock.wallMs()), timeZone });
    const [groups, running, counts] = await Promise.all([
      asked.isFaulty || asked.isEverything ? [] : ports.replays.previewReplay(asked.selection),
      ports.replays.runningReplays(),
      ports.ledger.counts(),
    ]);
    const partners = ports.partners.list().map(({ id }) => id);
    const main = previewPage(
      { asked, groups, running, partners, counts },
      { visitor, ratePerSecond: ports.settings.ratePerSecond },
    );
    const status = asked.isFaulty ? 400 : 200;
    return frame.send(reply, { title: 'What a replay would do', section: 'replays', visitor, main, status });
  });

  app.get<{ Params: { id: string } }>('/replays/:id', async (request, reply) => {
    const visitor = visitorOf(request);
    const { id } = request.params;
    const shown = await readReplay(ports, id);
    if (shown === null) {
      const main = html`<h1>No such replay</h1>
        <p>The ledger knows no replay of this number. <a href="/replays">All replays</a></p>`;
      return frame.send(reply, { title: 'No such replay', section: 'replays', visitor, main, status: 404 });
    }
    const main = replayPage(shown, { visitor, timeZone });
    const liveFrom = shown.batch.state === 'running' ? { liveFrom: `/live/replays/${id}` } : {};
    return frame.send(reply, { title: `Replay ${id}`, section: 'replays', visitor, main, ...liveFrom });
  });
}
