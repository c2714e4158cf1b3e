import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Console } from '../console.ts';
import { visitorOf, type Visitor } from '../door/visitor.ts';
import { deliveriesParts } from '../deliveries/deliveries-page.ts';
import { readDeliveries } from '../deliveries/read-deliveries.ts';
import { erasuresParts } from '../erasures/erasures-page.ts';
import { readErasures } from '../erasures/read-erasures.ts';
import { fileParts } from '../files/file-page.ts';
import { readFile } from '../files/read-file.ts';
import { queryOf } from '../frame/query.ts';
import { overviewParts } from '../overview/overview.ts';
import { readOverview } from '../overview/read-overview.ts';
import { readReplay } from '../replays/read-replay.ts';
import { replayParts } from '../replays/replay-page.ts';
import type { LiveParts } from './live-part.ts';
import { createStreams } from './streams.ts';

/** `/live/…`: the parts of a page as they are now; as server-sent events, or once as JSON. */
export function registerLive(app: FastifyInstance, { door, ports, settings }: Console): void {
  const { timeZone } = settings.surroundings;
  const streams = createStreams(() => ports.clock.monotonicMs());
  app.addHook('preClose', async () => streams.close());

  async function send<T>(
    {
      request,
      reply,
      topic,
    }: { readonly request: FastifyRequest; readonly reply: FastifyReply; readonly topic: string },
    read: () => Promise<T | null>,
    render: (read: T, visitor: Visitor) => LiveParts,
  ): Promise<FastifyReply> {
    const visitor = visitorOf(request);
    const renderAny = (what: unknown): LiveParts => (what === null ? {} : render(what as T, visitor));
    reply.header('cache-control', 'no-store');
    if (request.headers.accept?.includes('text/event-stream') !== true) {
      const parts = Object.entries(renderAny(await read()));
      const texts = await Promise.all(parts.map(async ([name, part]) => [name, String(await part)] as const));
      return reply.type('application/json; charset=utf-8').send(JSON.stringify(Object.fromEntries(texts)));
    }
    const stream = streams.open(topic, read, { render: renderAny, isLetIn: () => door.isStillIn(request) });
    // The page then asks again by itself.
    if (stream === null) return reply.code(503).send();
    return reply.header('x-accel-buffering', 'no').type('text/event-stream; charset=utf-8').send(stream);
  }

  app.get('/live/overview', async (request, reply) =>
    send(
      { request, reply, topic: 'overview' },
      () => readOverview(ports),
      (overview, visitor) => overviewParts(overview, { now: overview.now, timeZone, visitor }),
    ),
  );

  app.get<{ Params: { id: string } }>('/live/replays/:id', async (request, reply) => {
    const { id } = request.params;
    if (!/^\d{1,18}$/.test(id)) return reply.code(404).send();
    return send(
      { request, reply, topic: `replay ${id}` },
      () => readReplay(ports, id),
      (shown, visitor) => replayParts(shown, { visitor, timeZone }),
    );
  });

  app.get('/live/deliveries', async (request, reply) => {
    const query = queryOf(request);
    // Whoever looks at the same is told by one reading.
    const topic = `deliveries ${JSON.stringify(['partner', 'state', 'file', 'before'].map((name) => query[name] ?? ''))}`;
    return send(
      { request, reply, topic },
      () => readDeliveries(ports, query),
      (listed, visitor) => deliveriesParts(listed, { timeZone, visitor }),
    );
  });

  app.get('/live/erasures', async (request, reply) => {
    const query = queryOf(request);
    return send(
      { request, reply, topic: `erasures ${query['before'] ?? ''} ${query['day'] ?? ''}` },
      () => readErasures(ports, query, timeZone),
      (listed) => erasuresParts(listed, timeZone),
    );
  });

  app.get<{ Params: { id: string } }>('/live/files/:id', async (request, reply) => {
    const { id } = request.params;
    if (!/^\d{1,18}$/.test(id)) return reply.code(404).send();
    return send(
      { request, reply, topic: `file ${id}` },
      () => readFile(ports, id),
      (file) => fileParts(file, timeZone),
    );
  });
}
