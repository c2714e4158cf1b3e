import type { Act } from '../../app/ports/held-files.ts';
import { resumeWork, turnBreaker } from '../../app/stop-work.ts';
import { defaultAccount } from '../../domain/account.ts';
import { sayPause } from '../../view/stop-words.ts';
import { notDone, type DeedEnd } from '../acts/deed.ts';
import type { ConsolePorts } from '../ports.ts';

type StopPorts = Pick<ConsolePorts, 'gap' | 'ledger' | 'settings'>;

/** Opens or closes the breaker by hand. */
export async function turnBreakerByHand(ports: StopPorts, wish: 'close' | 'open', act: Act): Promise<DeedEnd> {
  const { changed, stops } = await turnBreaker(ports, wish, act);
  if (changed) return { kind: 'done' };
  const { actor, reason } = stops.breaker;
  const who = actor === null ? '' : ` by ${actor}: ${reason ?? ''}`;
  return notDone('moved_on', `The breaker was ${wish === 'open' ? 'opened' : 'closed'} already${who}.`);
}

/** Nothing more is sent of anybody. */
export async function pauseAll(
  { ledger }: StopPorts,
  { act, timeZone }: { readonly act: Act; readonly timeZone: string },
): Promise<DeedEnd> {
  if (await ledger.pause(null, act)) return { kind: 'done' };
  const { pauses } = await ledger.stops(defaultAccount);
  const own = pauses.find(({ partner }) => partner === null);
  return notDone('moved_on', own === undefined ? 'It was paused already.' : `Already ${sayPause(own, timeZone)}`);
}

/** Everything goes on, halted endpoints too. */
export async function resumeAll(
  ports: StopPorts,
  act: Act,
): Promise<DeedEnd<{ readonly pauses: number; readonly halts: number }>> {
  const gaps = await ports.gap.gaps();
  if (gaps.length > 0)
    return notDone(
      'ledger_behind',
      `LEDGER_BEHIND: the ledger lacks requests that were sent by ${gaps.map(({ host }) => host).join(', ')}. ` +
        'On that host first: leadsync recover',
    );
  const { pauses, halts } = await resumeWork(ports, null, act);
  if (pauses + halts === 0) return notDone('moved_on', 'Nothing was paused or halted.');
  return { kind: 'done', pauses, halts };
}
