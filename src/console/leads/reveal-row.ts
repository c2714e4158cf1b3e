import { openLead, openUpdate } from '../../app/row-payload.ts';
import type { Act } from '../../app/ports/held-files.ts';
import type { LedgerRow } from '../../app/ports/row.ts';
import { sayTakenValues } from '../../view/taken-values.ts';
import { notDone, type DeedEnd } from '../acts/deed.ts';
import type { ConsolePorts } from '../ports.ts';

/** By name; null where the row says nothing. */
export type RevealedValues = Readonly<Record<string, string | null>>;

/** What a row says of a person, to who gives a reason. Audited before it is answered. */
export async function revealRow(
  { audit, ledger, vault }: Pick<ConsolePorts, 'audit' | 'ledger' | 'vault'>,
  id: string,
  act: Act,
): Promise<DeedEnd<{ readonly row: LedgerRow; readonly values: RevealedValues }>> {
  const row = /^\d{1,18}$/.test(id) ? await ledger.row(id) : null;
  if (row === null) return notDone('no_such', 'There is no such row.');
  const taken = sayTakenValues(row);
  if (taken !== null) return notDone('not_possible', `Its values are not here: ${taken}.`);
  const values = await valuesOf(vault, row);
  await audit.note({ action: 'console.revealed', ...act, detail: { row: id, partner: row.partner } });
  return { kind: 'done', row, values };
}

async function valuesOf(vault: ConsolePorts['vault'], row: LedgerRow): Promise<RevealedValues> {
  if (row.kind === 'update') {
    const { partnerLeadId, leadId, estado, observacion } = await openUpdate(vault, row);
    return { partnerLeadId, leadId, estado, observacion };
  }
  const { partnerLeadId, fields } = await openLead(vault, row);
  return { partnerLeadId, ...fields };
}
