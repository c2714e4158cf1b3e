import type { Act } from '../../app/ports/held-files.ts';
import { resumeWork } from '../../app/stop-work.ts';
import { defaultAccount } from '../../domain/account.ts';
import { sayPause } from '../../view/stop-words.ts';
import { notDone, type DeedEnd } from '../acts/deed.ts';
import type { ConsolePorts } from '../ports.ts';
import { readPartners } from './read-partners.ts';

/** Nothing more of a partner is sent. */
export async function pausePartner(
  ports: ConsolePorts,
  id: string,
  { act, timeZone }: { readonly act: Act; readonly timeZone: string },
): Promise<DeedEnd> {
  // A pause of a name that nobody has would look as if it held something.
  if (!(await readPartners(ports)).partners.some((one) => one.id === id))
    return notDone('no_such', 'There is no such partner.');
  if (await ports.ledger.pause(id, act)) return { kind: 'done' };
  const { pauses } = await ports.ledger.stops(defaultAccount);
  const own = pauses.find(({ partner }) => partner === id);
  return notDone('moved_on', own === undefined ? 'It was paused already.' : `Already ${sayPause(own, timeZone)}`);
}

/** A partner's work goes on. */
export async function resumePartner(ports: Pick<ConsolePorts, 'ledger'>, id: string, act: Act): Promise<DeedEnd> {
  if (id !== '' && (await resumeWork(ports, id, act)).pauses > 0) return { kind: 'done' };
  return notDone('moved_on', 'It is not paused: somebody was quicker.');
}
