import type { FastifyInstance } from 'fastify';
import type { FileAct, RefusedAct } from '../../app/file-act.ts';
import { holdFile, releaseFile } from '../../app/hold-file.ts';
import { letFileGo } from '../../app/let-file-go.ts';
import type { Act } from '../../app/ports/held-files.ts';
import { rejectFile } from '../../app/reject-file.ts';
import { fileTimeline } from '../../view/timeline.ts';
import type { DoneWord } from '../acts/done-words.ts';
import { sayLast } from '../acts/last-moment.ts';
import { registerAct, type ActEnd } from '../acts/register-act.ts';
import type { Console } from '../console.ts';
import type { ConsolePorts } from '../ports.ts';
import { hrefOfFile } from '../shown/hrefs.ts';

interface Deed {
  readonly said: DoneWord;
  carryOut(ports: ConsolePorts, id: string, act: Act): Promise<FileAct>;
}

/** By the last part of the address that they are posted to. */
const deeds: Readonly<Record<string, Deed>> = {
  hold: { said: 'held', carryOut: holdFile },
  release: { said: 'released', carryOut: releaseFile },
  now: { said: 'let_go', carryOut: letFileGo },
  reject: {
    said: 'turned_away',
    carryOut: (ports, id, act) => rejectFile({ ...ports, folders: ports.ownFolders }, id, act),
  },
};

/** `POST /files/:id/hold`, `release`, `now` and `reject`: what a person does with one file. */
export function registerFileActs(app: FastifyInstance, parts: Console): void {
  const { ports, settings } = parts;
  for (const [name, { said, carryOut }] of Object.entries(deeds)) {
    const route = { path: `/files/:id/${name}`, needs: 'operator', section: 'files' } as const;
    registerAct(app, parts, route, async ({ params, act }): Promise<ActEnd> => {
      const id = params['id'] ?? '';
      if (!/^\d{1,18}$/.test(id))
        return { kind: 'refused', says: 'There is no such file.', back: '/files', status: 404 };
      const done = await carryOut(ports, id, act);
      const to = hrefOfFile(id);
      if (done.kind === 'done') return { kind: 'done', to, said };
      if (done.file === null) return { kind: 'refused', says: sayRefused(done), back: '/files', status: 404 };
      const last = sayLast(fileTimeline(await ports.pages.fileHistory(id)), settings.surroundings.timeZone);
      return { kind: 'refused', says: `${sayRefused(done)} ${last}`.trim(), back: to };
    });
  }
}

function sayRefused({ why, file }: RefusedAct): string {
  const id = file?.id ?? '';
  switch (why) {
    case 'no_file':
      return 'There is no such file.';
    case 'over':
      return `File ${id} is ${file?.state ?? ''}: nothing of it is left to do that with.`;
    case 'held_already':
      return `File ${id} is held already.`;
    case 'not_held':
      return `File ${id} is not held: it is ${file?.state ?? ''}.`;
    case 'not_waiting':
      return `File ${id} does not wait for an hour: it is ${file?.state ?? ''}.`;
    case 'not_read':
      return `File ${id} has not been read to its end. It can be held or turned away.`;
    case 'leads_exist':
      return `Leads of file ${id} exist or may exist at the insurer, so it can not be turned away. On a terminal: leadsync file ${id} --cancel`;
    case 'not_here':
      return `The bytes of file ${id} are not on this console’s host, so it is held and not turned away. On the host of its inbox and archive: leadsync file ${id} --reject`;
    case 'no_config':
      return `Partner ${file?.partner ?? ''} has no config.`;
  }
}
