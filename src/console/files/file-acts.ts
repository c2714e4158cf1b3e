import type { FastifyInstance } from 'fastify';
import type { ActOnSeen } from '../../app/claim-file.ts';
import { exportCreatedLeads } from '../../app/created-leads.ts';
import { exportResult } from '../../app/export-result.ts';
import { refusal, wasRead, type FileAct } from '../../app/file-act.ts';
import type { LongFileDeed } from '../../app/ports/file-claims.ts';
import type { LedgerFile } from '../../app/ports/ledger.ts';
import { rereadFile } from '../../app/reread-file.ts';
import type { DoneWord } from '../acts/done-words.ts';
import { refusedForm } from '../acts/refused-form.ts';
import { registerAct, type ActEnd } from '../acts/register-act.ts';
import type { Console } from '../console.ts';
import type { ConsolePorts } from '../ports.ts';
import { hrefOfFile } from '../shown/hrefs.ts';
import { cancelWhatIsLeft } from './cancel-what-is-left.ts';
import { doToFile, refusedFile, type FileDeed } from './do-to-file.ts';

/** What the file's page says once it is done. */
const saids: Readonly<Record<FileDeed, DoneWord>> = {
  hold: 'held',
  release: 'released',
  now: 'let_go',
  reject: 'turned_away',
};

/** What takes more than one statement, so that one alone may begin it, who saw the file as it is. */
const long = {
  cancel: { said: 'cancelled', carryOut: cancelWhatIsLeft },
  reread: {
    said: 'read_again',
    carryOut: (ports, id, act) => rereadFile({ ...ports, folders: ports.ownFolders }, id, act),
  },
} as const satisfies Readonly<Record<LongFileDeed, LongDeed>>;

interface LongDeed {
  readonly said: DoneWord;
  carryOut(ports: ConsolePorts, id: string, act: ActOnSeen): Promise<FileAct<{ readonly readAs?: LedgerFile }>>;
}

const noSuchFile = { kind: 'refused', says: 'There is no such file.', back: '/files', status: 404 } as const;

/** `POST /files/:id/hold`, `release`, `now`, `reject`, `cancel`, `reread`, `leads` and `result`: what a person does with one file. */
export function registerFileActs(app: FastifyInstance, parts: Console): void {
  const { ports, settings } = parts;
  const { timeZone } = settings.surroundings;

  for (const [deed, said] of Object.entries(saids) as [FileDeed, DoneWord][]) {
    const route = { path: `/files/:id/${deed}`, needs: 'operator', section: 'files' } as const;
    registerAct(app, parts, route, async ({ params, act }): Promise<ActEnd> => {
      const id = params['id'] ?? '';
      if (!isId(id)) return noSuchFile;
      const end = await doToFile(ports, deed, id, { act, timeZone });
      if (end.kind === 'done') return { kind: 'done', to: hrefOfFile(id), said };
      return refusedForm(end, end.why === 'no_such' ? '/files' : hrefOfFile(id));
    });
  }

  for (const wish of ['cancel', 'reread'] as const) {
    const { said, carryOut }: LongDeed = long[wish];
    const route = { path: `/files/:id/${wish}`, needs: 'operator', section: 'files' } as const;
    registerAct(app, parts, route, async ({ params, act, field }): Promise<ActEnd> => {
      const id = params['id'] ?? '';
      if (!isId(id) || (await ports.ledger.file(id)) === null) return noSuchFile;
      const done = await carryOut(ports, id, { ...act, seen: field('seen') });
      if (done.kind === 'done') return { kind: 'done', to: hrefOfFile(done.readAs?.id ?? id), said };
      return refusedForm(await refusedFile(ports, done, { wish, timeZone }), hrefOfFile(id));
    });
  }

  const route = { path: '/files/:id/leads', needs: 'operator', section: 'files' } as const;
  registerAct(app, parts, route, async ({ params, act }): Promise<ActEnd> => {
    const id = params['id'] ?? '';
    if (!isId(id) || (await ports.ledger.file(id)) === null) return noSuchFile;
    const lines = exportCreatedLeads({ ...ports, auditLog: ports.audit }, id, act);
    return { kind: 'csv', name: `leads-of-file-${id}.csv`, lines };
  });

  const ofResult = { path: '/files/:id/result', needs: 'operator', section: 'files' } as const;
  registerAct(app, parts, ofResult, async ({ params, act }): Promise<ActEnd> => {
    const id = params['id'] ?? '';
    const file = isId(id) ? await ports.ledger.file(id) : null;
    if (file === null) return noSuchFile;
    const partner = ports.partners.get(file.partner);
    const why = !wasRead(file) ? 'not_read' : partner === null ? 'no_config' : null;
    if (why !== null || partner === null) {
      const refused = await refusedFile(ports, refusal(why ?? 'no_config', file), { wish: 'result', timeZone });
      return refusedForm(refused, hrefOfFile(id));
    }
    const lines = exportResult({ ...ports, auditLog: ports.audit }, file, { partner, act });
    const { encoding } = partner.results;
    return {
      kind: 'csv',
      name: `file-${id}.results.csv`,
      lines,
      ...(encoding === 'windows-1252' ? { charset: encoding } : {}),
    };
  });
}

function isId(text: string): boolean {
  return /^\d{1,18}$/.test(text);
}
