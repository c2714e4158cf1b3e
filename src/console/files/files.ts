import type { FastifyInstance } from 'fastify';
import { html } from 'hono/html';
import type { Console } from '../console.ts';
import { visitorOf } from '../door/visitor.ts';
import type { Html } from '../frame/frame.ts';
import { queryOf } from '../frame/query.ts';
import { registerFileActs } from './file-acts.ts';
import { filePage } from './file-page.ts';
import { filesPage } from './files-page.ts';
import { readFile } from './read-file.ts';
import { readFiles } from './read-files.ts';

/** `/files`: what arrived, newest first. `/files/:id`: one file. */
export function registerFiles(app: FastifyInstance, parts: Console): void {
  const { frame, ports, settings } = parts;
  const { timeZone } = settings.surroundings;
  registerFileActs(app, parts);

  app.get('/files', async (request, reply) => {
    const listed = await readFiles(ports, queryOf(request));
    const main = filesPage(listed, timeZone);
    return frame.send(reply, { title: 'Files', section: 'files', visitor: visitorOf(request), main });
  });

  app.get<{ Params: { id: string } }>('/files/:id', async (request, reply) => {
    const { id } = request.params;
    const file = /^\d{1,18}$/.test(id) ? await readFile(ports, id) : null;
    const visitor = visitorOf(request);
    if (file === null)
      return frame.send(reply, { title: 'No such file', section: 'files', visitor, main: noSuchFile(), status: 404 });
    const main = filePage(file, { visitor, now: new Date(ports.clock.wallMs()), timeZone });
    const liveFrom = `/live/files/${id}`;
    return frame.send(reply, { title: `File ${id}`, section: 'files', visitor, main, liveFrom });
  });
}

function noSuchFile(): Html {
  return html`<h1>No such file</h1>
    <p>The ledger knows no file of this number. <a href="/files">All files</a></p>`;
}
