import type { FastifyInstance } from 'fastify';
import { html } from 'hono/html';
import type { Console } from '../console.ts';
import { visitorOf, type Visitor } from '../door/visitor.ts';
import type { Html } from '../frame/frame.ts';
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
    return frame.send(reply, { title: 'Overview', section: 'overview', visitor, main });
  });
}

function overviewPage(
  overview: Overview,
  { visitor, timeZone }: { readonly visitor: Visitor; readonly timeZone: string },
): Html {
  const { stock, now } = overview;
  const at = { now, timeZone, visitor };
  const needs = [...serviceNeeds(overview), ...stock.needsPerson];
  return html`${attention(needs, at)}
    <div class="beside">
      <div>${nightCard(overview, timeZone)} ${nightFiles(overview, timeZone)} ${worthKnowing(needs, at)}</div>
      <div class="stack">${workCard(overview, timeZone)} ${apiCard(overview, at)}</div>
    </div>
    ${outcomeMatrix(stock.counts)}`;
}
