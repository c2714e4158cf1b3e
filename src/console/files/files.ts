import type { FastifyInstance } from 'fastify';
import { html } from 'hono/html';
import { previewReread } from '../../app/reread-file.ts';
import { canAct } from '../acts/act-form.ts';
import type { Console } from '../console.ts';
import { visitorOf } from '../door/visitor.ts';
import type { Html } from '../frame/frame.ts';
import { queryOf } from '../frame/query.ts';
import { refusedFile } from './do-to-file.ts';
import { registerFileActs } from './file-acts.ts';
import { filePage } from './file-page.ts';
import { filesPage } from './files-page.ts';
import { readFile } from './read-file.ts';
import { readFiles } from './read-files.ts';
import { rereadPage } from './reread-page.ts';

/** `/files`: what arrived, newest first. `/files/:id`: one file. `/files/:id/reread`: what reading it again would change. */
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

  app.get<{ Params: { id: string } }>('/files/:id/reread', async (request, reply) => {
    const { id } = request.params;
    const visitor = visitorOf(request);
    const page = { title: `File ${id} read again`, section: 'files', visitor } as const;
    // It reads the whole file: who may not have it done need not look.
    if (!canAct(visitor, 'operator')) return frame.send(reply, { ...page, main: takesAnOperator(), status: 403 });
    const lastEvent = /^\d{1,18}$/.test(id) ? await ports.fileClaims.lastEvent(id) : '0';
    if (lastEvent === '0')
      return frame.send(reply, { ...page, title: 'No such file', main: noSuchFile(), status: 404 });
    const looked = await previewReread({ ...ports, folders: ports.ownFolders }, id);
    const preview = looked.kind === 'refused' ? await refusedFile(ports, looked, { wish: 'reread', timeZone }) : looked;
    return frame.send(reply, { ...page, main: rereadPage(preview, { id, visitor, lastEvent }) });
  });
}

function noSuchFile(): Html {
  return html`<h1>No such file</h1>
    <p>The ledger knows no file of this number. <a href="/files">All files</a></p>`;
}

function takesAnOperator(): Html {
  return html`<h1>It takes an operator</h1>
    <p>
      Looking at what reading a file again would change takes the role of an operator. <a href="/files">All files</a>
    </p>`;
}
