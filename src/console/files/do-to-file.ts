import type { FileAct, RefusedAct } from '../../app/file-act.ts';
import { holdFile, releaseFile } from '../../app/hold-file.ts';
import { letFileGo } from '../../app/let-file-go.ts';
import type { Act } from '../../app/ports/held-files.ts';
import type { LedgerFile } from '../../app/ports/ledger.ts';
import { rejectFile } from '../../app/reject-file.ts';
import { sayTaken } from '../../view/file-taken.ts';
import { sayLast } from '../../view/last-moment.ts';
import { fileTimeline } from '../../view/timeline.ts';
import { notDone, type DeedEnd, type NotDone } from '../acts/deed.ts';
import type { ConsolePorts } from '../ports.ts';

/** What a person does with one file, by the last part of the address that it is posted to. */
const deeds = {
  hold: holdFile,
  release: releaseFile,
  now: letFileGo,
  reject: (ports: ConsolePorts, id: string, act: Act) => rejectFile({ ...ports, folders: ports.ownFolders }, id, act),
} as const satisfies Readonly<Record<string, (ports: ConsolePorts, id: string, act: Act) => Promise<FileAct>>>;

export type FileDeed = keyof typeof deeds;

export async function doToFile(
  ports: ConsolePorts,
  deed: FileDeed,
  id: string,
  { act, timeZone }: { readonly act: Act; readonly timeZone: string },
): Promise<DeedEnd<{ readonly file: LedgerFile }>> {
  const done = await deeds[deed](ports, id, act);
  return done.kind === 'done' ? done : refusedFile(ports, done, { wish: deed, timeZone });
}

const overtaken: ReadonlySet<string> = new Set([
  'held_already',
  'not_held',
  'not_waiting',
  'over',
  'moved_on',
  'under_way',
]);

/** What stands against it, and who did what last. */
export async function refusedFile(
  { pages }: Pick<ConsolePorts, 'pages'>,
  refused: RefusedAct,
  { wish, timeZone }: { readonly wish: FileDeed | 'cancel' | 'reread' | 'result'; readonly timeZone: string },
): Promise<NotDone> {
  const { why, file } = refused;
  if (file === null) return notDone('no_such', sayRefused(refused, wish));
  const history = await pages.fileHistory(file.id);
  const taken = sayTaken(refused, history, timeZone);
  if (taken !== null) return notDone('moved_on', taken);
  const last = sayLast(fileTimeline(history), timeZone);
  return notDone(overtaken.has(why) ? 'moved_on' : 'not_possible', `${sayRefused(refused, wish)} ${last}`.trim());
}

function sayRefused({ why, file }: RefusedAct, wish: string): string {
  const id = file?.id ?? '';
  switch (why) {
    case 'no_file':
      return 'There is no such file.';
    case 'moved_on':
    case 'under_way':
      return `Somebody was quicker with file ${id}.`;
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
      return `Leads of file ${id} exist or may exist at the insurer, so it can not be turned away. What was not sent can be cancelled.`;
    case 'not_here':
      return `The bytes of file ${id} are not on this console’s host${wish === 'reject' ? ', so it is held and not turned away' : ''}. On the host of its inbox and archive: leadsync file ${id} --${wish}`;
    case 'no_config':
      return `Partner ${file?.partner ?? ''} has no config.`;
  }
}
