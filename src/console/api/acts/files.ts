import { lookAtFile } from '../../../app/claim-file.ts';
import { createdLeads, type CreatedLead } from '../../../app/created-leads.ts';
import { refusal, type FileAct } from '../../../app/file-act.ts';
import type { Act } from '../../../app/ports/held-files.ts';
import { rereadFile } from '../../../app/reread-file.ts';
import { maskPersonal } from '../../../domain/mask-personal.ts';
import type { Console } from '../../console.ts';
import { cancelWhatIsLeft } from '../../files/cancel-what-is-left.ts';
import { doToFile, refusedFile, type FileDeed } from '../../files/do-to-file.ts';
import { isSameFile, lookAtReread, tokenOf } from '../../files/look-at-reread.ts';
import { act } from '../contract/act.ts';
import { cancelBody, fileActed, fileCancelled, fileReread, rereadBody, rereadPreview } from '../contract/file-act.ts';
import { refuse } from '../refusal.ts';
import { defineRoute, done, type ApiEnd, type Route } from '../route.ts';
import { deedRefusals, ended, refusedDeed } from './ended.ts';

const says: Readonly<Record<FileDeed, string>> = {
  hold: 'Nothing further of it is read or sent.',
  release: 'A held file goes on where it stopped.',
  now: 'A file that waits for its hour is read and sent at once.',
  reject: 'To rejected/, with the reason for the partner; while nothing of it was created.',
};

const leadsTold = 200;

/** `POST /api/files/{file}/…`: what a person does with one file. */
export function fileActs({ ports, settings }: Console): readonly Route[] {
  const { timeZone } = settings.surroundings;
  const of = { area: 'files', method: 'POST', needs: 'operator', refusals: deedRefusals } as const;
  const here = { ...ports, folders: ports.ownFolders };

  async function carryOut<Done>(
    wish: 'cancel' | 'reread',
    doing: Promise<FileAct<Done>>,
    tell: (done: Done & { readonly file: { readonly id: string } }) => unknown,
  ): Promise<ApiEnd> {
    const end = await doing;
    if (end.kind === 'refused') return refusedDeed(await refusedFile(ports, end, { wish, timeZone }));
    return done(await tell(end));
  }

  /** Who has not looked at it is refused while somebody is at it; who was shown that may begin anew. */
  async function cancel(id: string, wanted: Act, shown: string | undefined) {
    const { seen, begun } = await lookAtFile(ports, id);
    if (shown === undefined && begun !== null) return refusal('under_way', await ports.ledger.file(id), begun);
    return cancelWhatIsLeft(ports, id, { ...wanted, seen: shown ?? seen });
  }

  return [
    ...(Object.keys(says) as FileDeed[]).map((deed) =>
      defineRoute(
        { ...of, path: `/files/{file}/${deed}`, id: `${deed}File`, says: says[deed], body: act, answer: fileActed },
        async ({ place, act: wanted }) =>
          ended(await doToFile(ports, deed, place, { act: wanted, timeZone }), ({ file }) => ({
            file: file.id,
            state: file.state,
          })),
      ),
    ),
    defineRoute(
      {
        ...of,
        path: '/files/{file}/cancel',
        id: 'cancelFile',
        says: 'Cancels what has not been sent, and lists the leads that exist.',
        body: cancelBody,
        answer: fileCancelled,
      },
      async ({ place, body, act: wanted }) =>
        carryOut('cancel', cancel(place, wanted, body.seen), async ({ file, rows }) => {
          const leads = await firstOf(createdLeads(ports, file.id), leadsTold + 1);
          return {
            file: file.id,
            cancelled: rows,
            leads: leads.slice(0, leadsTold).map(leadJson),
            hasMoreLeads: leads.length > leadsTold,
          };
        }),
    ),
    defineRoute(
      {
        ...of,
        path: '/files/{file}/reread/preview',
        id: 'previewReread',
        says: 'What reading the archived bytes again, with the mapping in force, would change. Nothing is done.',
        answer: rereadPreview,
      },
      async ({ place }) => {
        const looked = await lookAtReread(ports, place, timeZone);
        if (looked.kind === 'refused') return refusedDeed(looked);
        return done({ file: place, changes: looked.changes, seen: tokenOf(looked) });
      },
    ),
    defineRoute(
      {
        ...of,
        path: '/files/{file}/reread',
        id: 'rereadFile',
        says: 'Reads the archived bytes again, if the same would change as was shown.',
        body: rereadBody,
        answer: fileReread,
      },
      async ({ place, body, act: wanted }) => {
        const looked = await lookAtReread(ports, place, timeZone);
        if (looked.kind === 'refused') return refusedDeed(looked);
        if (!isSameFile(looked, body.seen)) {
          const movedOn = refusal('moved_on', await ports.ledger.file(place));
          return refusedDeed(await refusedFile(ports, movedOn, { wish: 'reread', timeZone }));
        }
        if (tokenOf(looked) !== body.seen)
          return refuse(
            'CONSOLE_MOVED_ON',
            'Since you looked, rows have moved: something else would change than was shown.',
          );
        const seen = looked.lastEvent;
        return carryOut('reread', rereadFile(here, place, { ...wanted, seen }), ({ file, readAs }) => ({
          file: file.id,
          changes: looked.changes,
          readAs: readAs.id,
        }));
      },
    ),
  ];
}

function leadJson({ row, partnerLeadId }: CreatedLead) {
  const { id, rowNumber, state, leadId, idLanding, updatedAt } = row;
  const masked = partnerLeadId === null ? null : maskPersonal(partnerLeadId);
  return { id, row: rowNumber, state, leadId, idLanding, partnerLeadId: masked, updatedAt };
}

async function firstOf<T>(all: AsyncIterable<T>, limit: number): Promise<readonly T[]> {
  const first: T[] = [];
  for await (const one of all) {
    first.push(one);
    if (first.length === limit) break;
  }
  return first;
}
