import type { FastifyReply } from 'fastify';
import { html } from 'hono/html';
import { sendPage } from '../page/page.ts';

/** The page for an address such as /ficha-gestion/%ff, which no route can take. */
export function sendMalformedAddress(reply: FastifyReply): Promise<FastifyReply> {
  const main = html`<h1>That did not work</h1>
    <p>The address is malformed. <a href="/ficha-gestion">All leads</a></p>`;
  return sendPage(reply, { title: 'Error', section: 'ficha-gestion', main }, 400);
}
