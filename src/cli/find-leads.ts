import { leadOfRow, leadsById } from '../app/lead-to-update.ts';
import type { LedgerRow } from '../app/ports/row.ts';
import type { Cli, OpenedLedger } from './cli.ts';
import { mustBeAskedFor, personalKey } from './personal-key.ts';
import { rowsOfPerson } from './rows-of-person.ts';
import { UsageFault } from './usage-fault.ts';

/** Whoever has more is asked to name one. */
const leadsAtOnce = 200;

/** What names a lead: typed, or to be asked for. */
export type LeadKey = { readonly kind: 'typed'; readonly text: string } | { readonly kind: 'asked' };

/** Reads KEY and `--nif`, before anything is opened: throws UsageFault for personal values among the arguments. */
export function readLeadKey(name: string, key: string | undefined, nif: string | undefined): LeadKey {
  mustBeAskedFor('--nif', nif);
  if ((key === undefined) === (nif === undefined)) {
    throw new UsageFault(
      `${name}: expected a leadId, idLanding, partnerLeadId, row id, or --nif -; got ${key === undefined ? 'nothing' : 'both'}`,
    );
  }
  if (key === undefined || key === '-') return { kind: 'asked' };
  const kind = personalKey(key);
  if (kind !== null)
    throw new UsageFault(
      `${name}: expected an id; got what looks like ${kind}, which must not stand in a command line: use --nif -`,
    );
  return { kind: 'typed', text: key };
}

/**
 * The leads that a key names: by row id (`ls-42`, or as it was sent, `ls-1f2e3d4c-42`), leadId, idLanding or partnerLeadId; a key that was asked for by
 * NIF, phone or e-mail too, which the audit log is told with the command, `by`. Duplicates and updates lead to their lead, where it is known.
 */
export async function findLeads(
  opened: OpenedLedger,
  key: LeadKey,
  who: Pick<Cli, 'actor' | 'out'> & { readonly by: string },
): Promise<readonly LedgerRow[]> {
  const text = key.kind === 'typed' ? key.text : await who.out.ask('NIF, phone, e-mail or id:');
  if (text === '') throw new UsageFault('--nif: expected a value on standard input; got nothing');
  const found = new Map<string, LedgerRow>();
  for (const lead of await leadsById(opened, text)) found.set(lead.id, lead);
  if (key.kind === 'asked') {
    for (const row of await rowsOfPerson(opened, text, { limit: leadsAtOnce }, who)) {
      const lead = await leadOfRow(opened, row);
      found.set(lead.id, lead);
    }
  }
  return [...found.values()];
}
