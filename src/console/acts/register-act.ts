import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { html } from 'hono/html';
import type { Act } from '../../app/ports/held-files.ts';
import type { Console } from '../console.ts';
import { nextPath } from '../door/next-path.ts';
import { actorOf, visitorOf, type Visitor } from '../door/visitor.ts';
import { fieldOf, fieldsOf } from '../frame/form.ts';
import type { Html, Section } from '../frame/frame.ts';
import type { Role } from '../ports.ts';
import type { DoneWord } from './done-words.ts';
import { readReason } from './reason.ts';

/** What somebody wants to do: who may was asked already. */
export interface Asked {
  readonly params: Readonly<Record<string, string>>;
  readonly act: Act;
  readonly visitor: Visitor;
  /** '' where the form has none. */
  field(name: string): string;
  fields(name: string): readonly string[];
}

export type ActEnd =
  | { readonly kind: 'done'; readonly to: string; readonly said: DoneWord }
  /** What was asked for, shown once: it has no address of its own. */
  | { readonly kind: 'shown'; readonly title: string; readonly main: Html }
  /** A file to be kept by who asked. */
  | {
      readonly kind: 'csv';
      readonly name: string;
      readonly lines: AsyncIterable<string | Uint8Array>;
      /** Defaults to utf-8. */
      readonly charset?: string;
    }
  /** Nothing was done. `back` is where it can be seen how things stand. */
  | { readonly kind: 'refused'; readonly says: string; readonly back: string; readonly status?: 400 | 404 | 409 };

export interface ActRoute {
  readonly path: string;
  readonly needs: Role;
  readonly section: Section;
}

/**
 * A way to change something: a POST of our own page, with its token, the role and a reason. It ends on the page that shows
 * what has become of it, which a reload does not do again; or, where nothing was done, on a page that says why.
 */
export function registerAct(
  app: FastifyInstance,
  { door, frame }: Pick<Console, 'door' | 'frame'>,
  { path, needs, section }: ActRoute,
  carryOut: (asked: Asked) => Promise<ActEnd>,
): void {
  app.post<{ Params: Readonly<Record<string, string>> }>(path, async (request, reply) => {
    if (!(await door.mayChange(request, reply, needs))) return reply;
    const visitor = visitorOf(request);
    const reason = readReason(fieldOf(request, 'reason'));
    const end: ActEnd =
      reason.kind === 'refused'
        ? { kind: 'refused', says: reason.says, back: backOf(request), status: 400 }
        : await carryOut({
            params: request.params,
            act: { actor: actorOf(visitor), reason: reason.text },
            visitor,
            field: (name) => fieldOf(request, name),
            fields: (name) => fieldsOf(request, name),
          });
    if (end.kind === 'done') return frame.sendOn(reply, end);
    if (end.kind === 'csv') return sendCsv(reply, end);
    if (end.kind === 'shown') return frame.send(reply, { title: end.title, section, visitor, main: end.main });
    const main = html`<h1>Nothing was done</h1>
      <p class="notice bad" role="alert">${end.says}</p>
      <p><a class="button" href="${end.back}">See how it stands</a></p>`;
    return frame.send(reply, { title: 'Nothing was done', section, visitor, main, status: end.status ?? 409 });
  });
}

function sendCsv(
  reply: FastifyReply,
  { name, lines, charset = 'utf-8' }: Extract<ActEnd, { readonly kind: 'csv' }>,
): FastifyReply {
  return reply
    .header('cache-control', 'no-store')
    .header('content-disposition', `attachment; filename="${name}"`)
    .type(`text/csv; charset=${charset}`)
    .send(Readable.from(lines));
}

/** The page that the form stands on; the overview where the browser does not say. */
function backOf({ headers }: FastifyRequest): string {
  const from = headers.referer === undefined ? null : URL.parse(headers.referer);
  return from !== null && from.host === headers.host ? nextPath(`${from.pathname}${from.search}`) : '/';
}
