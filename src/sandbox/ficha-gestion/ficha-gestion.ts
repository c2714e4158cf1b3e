import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { html } from 'hono/html';
import type { Parts } from '../endpoints/endpoint.ts';
import { readAsset, serveAsset } from '../../web/asset.ts';
import { sendPage } from '../page/page.ts';
import type { Html } from '../page/page.ts';
import { baseUrlOf } from '../portal/base-url.ts';
import type { Facts } from '../portal/facts.ts';
import { readFacetValues } from './facet-values.ts';
import { readFilters, readValue, withFilters } from './filters.ts';
import type { Filters } from './filters.ts';
import { findLeads, findTheLead } from './find-leads.ts';
import type { Place } from './find-leads.ts';
import { leadPage } from './lead-page.ts';
import { openListingCsv } from './listing-csv.ts';
import { listingPage } from './listing-page.ts';
import { readLead } from './read-lead.ts';
import { createSearches } from './searches.ts';

const stylesheet = readAsset(join(import.meta.dirname, 'ficha-gestion.css'));
const form = 'application/x-www-form-urlencoded';

type Said = Readonly<Record<string, unknown>>;

/**
 * The management view in which the insurer sees the leads: `/ficha-gestion`, a page for each lead, and the listing as
 * CSV. Nothing personal stands in a URL: what is searched for is posted, and a token stands for it from then on.
 */
export function registerFichaGestion(
  app: FastifyInstance,
  { pool, contract, ...login }: Parts & Omit<Facts, 'contract' | 'baseUrl'>,
): void {
  const searches = createSearches();

  /** What is asked for; null when its token is of no search that is known. */
  const soughtBy = ({ facets, search }: Filters) => {
    const text = search === null ? null : searches.textOf(search);
    return search !== null && text === null ? null : { facets, text };
  };

  app.register(async (part) => {
    if (!part.hasContentTypeParser(form)) {
      part.addContentTypeParser(form, { parseAs: 'string' }, (_request, body, done) =>
        done(null, Object.fromEntries(new URLSearchParams(String(body)))),
      );
    }
    part.setErrorHandler(sendError);
    serveAsset(part, stylesheet);

    part.get<{ Querystring: Said }>('/ficha-gestion', async (request, reply) => {
      const filters = readFilters(request.query);
      const sought = soughtBy(filters);
      const [listing, values] = await Promise.all([
        sought === null ? null : findLeads(pool, sought, readPlace(request.query)),
        readFacetValues(pool),
      ]);
      if (sought !== null && listing === null) return reply.redirect(withFilters('/ficha-gestion', filters), 303);
      const facts = { contract, ...login, baseUrl: baseUrlOf(request) };
      const main = listingPage({ facts, filters, text: sought?.text ?? null, values, listing });
      return send(reply, 'Leads', main, listing === null ? 410 : 200);
    });

    part.post<{ Body: Said | null }>('/ficha-gestion', async (request, reply) => {
      const said = request.body ?? {};
      const { facets } = readFilters({ ...said, search: undefined });
      const text = readValue(said['text']);
      if (text === null) return reply.redirect(withFilters('/ficha-gestion', { facets, search: null }), 303);
      const leadId = await findTheLead(pool, { facets, text });
      if (leadId !== null) return reply.redirect(pathOf(leadId), 303);
      return reply.redirect(withFilters('/ficha-gestion', { facets, search: searches.tokenOf(text) }), 303);
    });

    part.get<{ Querystring: Said }>('/ficha-gestion.csv', async (request, reply) => {
      const sought = soughtBy(readFilters(request.query));
      if (sought === null) return reply.code(410).type('text/plain').send('This search is over. Search again.\n');
      const { asOf, text } = await openListingCsv(pool, sought);
      const name = `leads-${asOf.toISOString().replaceAll(/[-:]|\.\d+/g, '')}.csv`;
      return reply
        .headers({
          'content-disposition': `attachment; filename="${name}"`,
          'x-listing-as-of': asOf.toISOString(),
          'cache-control': 'no-store',
        })
        .type('text/csv; charset=utf-8')
        .send(Readable.from(text));
    });

    part.get<{ Params: { leadId: string } }>('/ficha-gestion/:leadId', async (request, reply) => {
      const leadId = readValue(request.params.leadId) ?? '';
      const lead = await readLead(pool, leadId);
      if (lead === null) return send(reply, 'No such lead', noSuchLead(), 404);
      return send(reply, `Lead ${leadId}`, leadPage({ contract, lead, back: backOf(request) }));
    });
  });
}

function send(reply: FastifyReply, title: string, main: Html, status = 200): Promise<FastifyReply> {
  const head = html`<link rel="stylesheet" href="${stylesheet.href}" />`;
  return sendPage(reply, { title, section: 'ficha-gestion', main, head }, status);
}

function pathOf(leadId: string): string {
  return `/ficha-gestion/${encodeURIComponent(leadId)}`;
}

function readPlace(query: Said): Place {
  const before = readValue(query['before']);
  if (before !== null) return { before };
  const after = readValue(query['after']);
  return after === null ? null : { after };
}

/** The listing that the visitor came from, with its filters. */
function backOf(request: FastifyRequest): string {
  const { referer } = request.headers;
  const from = referer === undefined ? null : URL.parse(referer);
  return from !== null && from.host === request.host && from.pathname === '/ficha-gestion'
    ? `/ficha-gestion${from.search}`
    : '/ficha-gestion';
}

function noSuchLead(): Html {
  return html`<h1>No such lead</h1>
    <p>No lead has this leadId. <a href="/ficha-gestion">All leads</a></p>`;
}

function sendError(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const status = error.statusCode ?? 500;
  const said = status < 500 ? error.message : 'The sandbox could not read its tables. Is its PostgreSQL running?';
  return send(
    reply,
    'Error',
    html`<h1>That did not work</h1>
      <p>${said}</p>`,
    status,
  );
}
