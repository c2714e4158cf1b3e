import type { FastifyInstance } from 'fastify';
import { html } from 'hono/html';
import type { Console } from '../console.ts';
import { visitorOf, type Visitor } from '../door/visitor.ts';
import type { Html } from '../frame/frame.ts';
import { livePart, liveSaid, type LiveParts } from '../live/live-part.ts';
import { registerAcks } from './acks.ts';
import { apiCard } from './api-card.ts';
import { attention, worthKnowing } from './attention.ts';
import { nightCard } from './night-card.ts';
import { nightFiles } from './night-files.ts';
import { outcomeMatrix } from './outcome-matrix.ts';
import { readOverview, type Overview } from './read-overview.ts';
import { serviceNeeds } from './service-needs.ts';
import { registerStops } from './stops.ts';
import { workCard } from './work-card.ts';

/** `/`: is anything wrong, since when, what to do; then how last night went and what is under way. */
export function registerOverview(app: FastifyInstance, parts: Console): void {
  const { frame, ports, settings } = parts;
  registerAcks(app, parts);
  registerStops(app, parts);
  app.get('/', async (request, reply) => {
    const overview = await readOverview(ports);
    const visitor = visitorOf(request);
    const main = overviewPage(overview, { visitor, timeZone: settings.surroundings.timeZone });
    return frame.send(reply, { title: 'Overview', section: 'overview', visitor, main, liveFrom: '/live/overview' });
  });
}

interface At {
  readonly now: Date;
  readonly timeZone: string;
  readonly visitor: Visitor;
}

/** What of the overview is kept as it is now. */
export function overviewParts(overview: Overview, at: At): LiveParts {
  const { stock } = overview;
  const { timeZone } = at;
  const needs = [...serviceNeeds(overview), ...stock.needsPerson];
  return {
    attention: attention(needs, at),
    night: nightCard(overview, timeZone),
    files: nightFiles(overview, timeZone),
    knowing: worthKnowing(needs, at),
    work: workCard(overview, timeZone),
    api: apiCard(overview, at),
    all: outcomeMatrix(stock.counts),
  };
}

function overviewPage(overview: Overview, at: Omit<At, 'now'>): Html {
  const parts = overviewParts(overview, { ...at, now: overview.now });
  const part = (name: string) => livePart(parts, name);
  return html`${liveSaid} ${part('attention')}
    <div class="beside">
      <div>${part('night')} ${part('files')} ${part('knowing')}</div>
      <div class="stack">${part('work')} ${part('api')}</div>
    </div>
    ${part('all')}`;
}
