import { setTimeout as pause } from 'node:timers/promises';
import { ownIdOf } from '../../app/own-ids.ts';
import { resolveInDoubt, type Verdict } from '../../app/resolve-in-doubt.ts';
import { openLead } from '../../app/row-payload.ts';
import type { Ports } from '../../app/ports.ts';
import type { LedgerRow } from '../../app/ports/row.ts';
import type { Output } from '../../cli/cli.ts';

type OperatorPorts = Pick<Ports, 'ledger' | 'settings' | 'vault'>;

/** The insurer's side, as an operator would see it: which partnerLeadId has which leadId. */
export type LookUpAtInsurer = () => Promise<ReadonlyMap<string, string>>;

/**
 * Plays the operator for rows that a kill or a lost connection left in doubt: looks each up at the insurer's, then gives
 * the verdict. The one row of `leave` stays in doubt, to be seen. Answers how many were resolved.
 */
export async function resolveDoubts(
  ports: OperatorPorts,
  out: Output,
  lookUp: LookUpAtInsurer,
  leave: string,
): Promise<number> {
  const rows = await ports.ledger.rows({ kind: 'lead', state: 'in_doubt', limit: 1000 });
  let resolved = 0;
  for (const row of rows) {
    const { partnerLeadId } = await openLead(ports.vault, row);
    if (partnerLeadId === leave) continue;
    const verdict = await resolveOne(ports, row, partnerLeadId ?? ownIdOf(ports.settings, row), lookUp);
    out.note(`  row ${row.id} was in doubt (${row.code ?? ''}): ${verdict}`);
    resolved += 1;
  }
  return resolved;
}

async function resolveOne(
  ports: OperatorPorts,
  row: LedgerRow,
  sentAs: string,
  lookUp: LookUpAtInsurer,
): Promise<string> {
  for (;;) {
    const leadId = (await lookUp()).get(sentAs);
    const verdict: Verdict = leadId === undefined ? { kind: 'send_again' } : { kind: 'lead_id', leadId };
    const end = await resolveInDoubt(ports, row, verdict, { actor: 'cli:demo', reason: 'looked up in the sandbox' });
    if (end.kind === 'too_early') {
      await pause(Math.min(1000, Math.max(50, end.waitMs)));
      continue;
    }
    if (end.kind !== 'resolved') return end.kind;
    return leadId === undefined ? 'not there, sent again' : 'found there, registered';
  }
}
