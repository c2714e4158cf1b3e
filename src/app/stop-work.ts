import { defaultAccount } from '../domain/account.ts';
import { changeBreaker, scaledPatience } from './change-breaker.ts';
import type { Ports } from './ports.ts';
import type { Stops } from './ports/account-ledger.ts';
import type { Act } from './ports/held-files.ts';

type StopPorts = Pick<Ports, 'ledger' | 'settings'>;

/** Opens or closes the breaker by a person's hand. `changed` false: it was so already. */
export async function turnBreaker(
  { ledger, settings }: StopPorts,
  wish: 'open' | 'close',
  act: Act,
): Promise<{ readonly changed: boolean; readonly stops: Stops }> {
  const event = { kind: wish === 'open' ? 'person_opens' : 'person_closes' } as const;
  const patience = scaledPatience(settings.timeScale);
  const { change, stops } = await changeBreaker(ledger, defaultAccount, event, { patience, act });
  return { changed: change !== null, stops };
}

/**
 * Lets work go on: a partner's, or with null everything, halted endpoints included. An outage is the breaker's: it stays
 * open. Answers what was ended.
 */
export async function resumeWork(
  { ledger }: Pick<Ports, 'ledger'>,
  partner: string | null,
  act: Act,
): Promise<{ readonly pauses: number; readonly halts: number }> {
  return {
    pauses: await ledger.endPauses(partner, act),
    halts: partner === null ? await ledger.endHalts(defaultAccount, 'all', act) : 0,
  };
}
