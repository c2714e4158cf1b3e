import type { FastifyInstance } from 'fastify';
import { html } from 'hono/html';
import type { LedgerRow } from '../../app/ports/row.ts';
import { openPartnerLeadId } from '../../app/row-payload.ts';
import { maskPersonal } from '../../domain/mask-personal.ts';
import type { Console } from '../console.ts';
import { hashOfToken, newToken } from '../door/tokens.ts';
import { actorOf, visitorOf } from '../door/visitor.ts';
import { fieldOf } from '../frame/form.ts';
import type { ConsolePorts } from '../ports.ts';
import { hrefOfRow } from '../shown/hrefs.ts';
import { lookForRows, rowsFound } from './look-for-rows.ts';
import { foundPage, searchPage } from './search-page.ts';

const longestText = 200;
/** As long as somebody looks at what was found. */
const keptMs = 15 * 60_000;

/**
 * `/search`: rows by NIF, phone, e-mail or any id. What is typed may be personal, so it comes in a POST, is looked up by its
 * keyed hash, and is nowhere written down: the page of what was found has a token in its address.
 */
export function registerSearch(app: FastifyInstance, { door, frame, ports, settings }: Console): void {
  const { timeZone } = settings.surroundings;

  app.get('/search', async (request, reply) => {
    const visitor = visitorOf(request);
    return frame.send(reply, { title: 'Search', section: 'search', visitor, main: searchPage(visitor, null) });
  });

  app.post('/search', async (request, reply) => {
    if (!(await door.mayChange(request, reply, 'viewer'))) return reply;
    const visitor = visitorOf(request);
    const text = fieldOf(request, 'q').trim();
    if (text === '' || text.length > longestText) {
      const main = searchPage(visitor, 'Type a NIF, a phone number, an e-mail address or an id.');
      return frame.send(reply, { title: 'Search', section: 'search', visitor, main, status: 400 });
    }
    const found = await lookForRows(ports, text, { actor: actorOf(visitor), by: 'console /search' });
    const [only, ...others] = found.rows;
    if (only !== undefined && others.length === 0 && found.unseen === 0) return reply.redirect(hrefOfRow(only), 303);
    const token = newToken();
    await ports.searches.forgetOld(keptMs);
    await ports.searches.keep(hashOfToken(token), visitor.name ?? '', found);
    return reply.redirect(`/search/${token}`, 303);
  });

  app.get<{ Params: { token: string } }>('/search/:token', async (request, reply) => {
    const visitor = visitorOf(request);
    const found = await ports.searches.find(hashOfToken(request.params.token), visitor.name ?? '', keptMs);
    if (found === null) {
      const main = html`${searchPage(visitor, 'What was found is kept for a quarter of an hour. Search once more.')}`;
      return frame.send(reply, { title: 'Search', section: 'search', visitor, main, status: 404 });
    }
    const rows = await Promise.all(found.rows.map((id) => ports.ledger.row(id)));
    const named = await Promise.all(rows.filter((row) => row !== null).map((row) => nameOf(ports, row)));
    const main = foundPage({ found, rows: named, isFull: found.rows.length >= rowsFound }, { visitor, timeZone });
    return frame.send(reply, { title: 'Search', section: 'search', visitor, main });
  });
}

async function nameOf({ vault }: Pick<ConsolePorts, 'vault'>, row: LedgerRow) {
  const id = await openPartnerLeadId(vault, row);
  return { row, partnerLeadId: id === null ? null : maskPersonal(id) };
}
