import { isOver, refusal, wasRead, type FileAct } from './file-act.ts';
import type { Ports } from './ports.ts';
import type { Act } from './ports/held-files.ts';
import type { LedgerRow } from './ports/row.ts';
import { openPartnerLeadId } from './row-payload.ts';

/**
 * Cancels everything of a file that was not sent, failed rows too: none of it goes to work again unless somebody replays
 * it. Held first, so that nothing begins meanwhile; what was announced comes to its end. May be repeated.
 */
export async function cancelFile(
  { ledger }: Pick<Ports, 'ledger'>,
  id: string,
  act: Act,
  done: (rows: number) => void = () => undefined,
): Promise<FileAct<{ readonly rows: number }>> {
  const file = await ledger.file(id);
  if (file === null) return refusal('no_file', null);
  if (isOver(file)) return refusal('over', file);
  if (!wasRead(file)) return refusal('not_read', file);
  if (file.state !== 'held' || file.letThroughTo > 0) await ledger.holdFile(id, act);
  const rows = await ledger.cancelRows(id, 'ROW_CANCELLED', act, { failed: true, done });
  const closed = await ledger.closeCancelled(id, act);
  return closed === null ? refusal('over', file) : { kind: 'done', file: closed, rows };
}

/** A lead that the insurer has or may have. */
export interface CreatedLead {
  readonly row: LedgerRow;
  readonly partnerLeadId: string | null;
}

const pageRows = 500;

/** The leads of a file that exist or may exist, in the order of the file: what the insurer has to be told. */
export async function* createdLeads(
  { ledger, vault }: Pick<Ports, 'ledger' | 'vault'>,
  fileId: string,
): AsyncGenerator<CreatedLead> {
  for (let after = 0; ;) {
    const rows = await ledger.leadsOf(fileId, after, pageRows);
    for (const row of rows) yield { row, partnerLeadId: await openPartnerLeadId(vault, row) };
    const last = rows.at(-1)?.rowNumber;
    if (last === undefined || last === null || rows.length < pageRows) return;
    after = last;
  }
}
