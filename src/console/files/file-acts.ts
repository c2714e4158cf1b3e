import type { FastifyInstance } from 'fastify';
import type { DoneWord } from '../acts/done-words.ts';
import { refusedForm } from '../acts/refused-form.ts';
import { registerAct, type ActEnd } from '../acts/register-act.ts';
import type { Console } from '../console.ts';
import { hrefOfFile } from '../shown/hrefs.ts';
import { doToFile, type FileDeed } from './do-to-file.ts';

/** What the file's page says once it is done. */
const saids: Readonly<Record<FileDeed, DoneWord>> = {
  hold: 'held',
  release: 'released',
  now: 'let_go',
  reject: 'turned_away',
};

/** `POST /files/:id/hold`, `release`, `now` and `reject`: what a person does with one file. */
export function registerFileActs(app: FastifyInstance, parts: Console): void {
  const { ports, settings } = parts;
  const { timeZone } = settings.surroundings;
  for (const [deed, said] of Object.entries(saids) as [FileDeed, DoneWord][]) {
    const route = { path: `/files/:id/${deed}`, needs: 'operator', section: 'files' } as const;
    registerAct(app, parts, route, async ({ params, act }): Promise<ActEnd> => {
      const id = params['id'] ?? '';
      if (!/^\d{1,18}$/.test(id))
        return { kind: 'refused', says: 'There is no such file.', back: '/files', status: 404 };
      const end = await doToFile(ports, deed, id, { act, timeZone });
      if (end.kind === 'done') return { kind: 'done', to: hrefOfFile(id), said };
      return refusedForm(end, end.why === 'no_such' ? '/files' : hrefOfFile(id));
    });
  }
}
