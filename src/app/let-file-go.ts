import { nightOf } from '../domain/night.ts';
import { refusal, type FileAct } from './file-act.ts';
import type { Ports } from './ports.ts';
import type { Act } from './ports/held-files.ts';
import type { NightRuns } from './ports/night-ledger.ts';

type LetGoPorts = Pick<Ports, 'ledger' | 'partners' | 'settings'> & {
  readonly nights: Pick<NightRuns, 'letGo' | 'watch'>;
};

/** Lets a file go that waits for its partner's hour: it is read and sent at once. */
export async function letFileGo(
  { ledger, nights, partners, settings }: LetGoPorts,
  id: string,
  act: Act,
): Promise<FileAct> {
  const file = await ledger.file(id);
  if (file === null) return refusal('no_file', null);
  const { now } = await nights.watch();
  const timeZone = partners.get(file.partner)?.timeZone ?? settings.timeZone;
  const gone = await nights.letGo({ fileId: id }, nightOf(now, timeZone), act);
  if (gone === 0) return refusal('not_waiting', file);
  return { kind: 'done', file: (await ledger.file(id)) ?? file };
}
