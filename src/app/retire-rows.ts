import { usualRetentionRules, type RetentionRules } from '../domain/retention.ts';
import type { Partners } from './ports.ts';
import type { RetentionLedger } from './ports/retention-ledger.ts';

export interface RetirePorts {
  readonly retention: RetentionLedger;
  readonly partners: Partners;
  /** Partners without a config are kept by the usual rules. Only a person says so: a missing folder must destroy nothing. */
  readonly withoutConfig?: boolean;
}

/** By what rules a partner's data are kept. Null: its config is not here or can not be read, and nothing is destroyed. */
export function retentionOf(
  { partners, withoutConfig = false }: Pick<RetirePorts, 'partners' | 'withoutConfig'>,
  partner: string,
): RetentionRules | null {
  const configured = partners.isBroken(partner) ? null : (partners.get(partner)?.retention ?? null);
  // Of files that lay in no partner's folder, and of erasures: no partner can be called so.
  const isOurs = partner.startsWith('_');
  return configured ?? (isOurs || (withoutConfig && !partners.isBroken(partner)) ? usualRetentionRules : null);
}

/**
 * Takes the values of rows that are past their time, window by window, then keys that nothing is sealed with any more.
 * Goes on until nothing is left or `goesOn` says no. Answers how many rows were taken, and whether something is left.
 */
export async function retireRows(
  ports: RetirePorts,
  actor: string,
  { goesOn, done = () => undefined }: { readonly goesOn: () => boolean; readonly done?: (rows: number) => void },
): Promise<{ readonly rows: number; readonly isAtEnd: boolean; readonly keys: number }> {
  const { retention } = ports;
  let [rows, keys] = [0, 0];
  const stopped = () => ({ rows, keys, isAtEnd: false });
  const take = async (step: () => Promise<number>): Promise<boolean> => {
    for (let taken = -1; taken !== 0;) {
      taken = await step();
      rows += taken;
      if (!goesOn()) return false;
    }
    return true;
  };
  for (const partner of await retention.partners()) {
    const rules = retentionOf(ports, partner);
    if (rules === null) continue;
    for (;;) {
      const window = await retention.retireRows(partner, rules, actor);
      if (window === null) break;
      rows += window.rows;
      done(window.lookedAt);
      if (!goesOn()) return stopped();
    }
    if (!(await take(() => retention.retireRowsByHand(partner, rules, actor)))) return stopped();
    keys += (await retention.destroyKeys(partner, rules, actor)).length;
  }
  if (!(await take(() => retention.destroyBlocked(actor)))) return stopped();
  return { rows, keys, isAtEnd: true };
}
