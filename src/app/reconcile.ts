import type { ListingProposal } from './compare-listing.ts';
import type { AuditLog } from './ports/audit-log.ts';
import type { Ports } from './ports.ts';
import type { LedgerRow } from './ports/row.ts';
import { resolveInDoubt, type Verdict } from './resolve-in-doubt.ts';

export interface ReconcileReport {
  readonly registered: number;
  readonly sentBack: number;
  /** Moved on since the comparison, or no longer what it was. */
  readonly passedOver: number;
  readonly leadIdTaken: number;
}

/**
 * Carries out what a listing proposes, each row by the verdict that a person could give it: what has moved on meanwhile is
 * passed over, so repeating it does nothing twice. Every event bears the batch; the batch has an event of its own.
 */
export async function reconcile(
  ports: Pick<Ports, 'ledger' | 'settings'> & {
    readonly auditLog: Pick<AuditLog, 'note'>;
    readonly clock: Pick<Ports['clock'], 'newId'>;
  },
  proposal: ListingProposal,
  by: { readonly actor: string; readonly reason: string; readonly asOf: Date },
  onRow: (done: number) => void = () => undefined,
): Promise<ReconcileReport> {
  const batch = ports.clock.newId();
  const report = { registered: 0, sentBack: 0, passedOver: 0, leadIdTaken: 0 };
  let done = 0;
  const resolve = async (row: LedgerRow, verdict: Verdict): Promise<boolean> => {
    const { kind } = await resolveInDoubt(ports, row, verdict, { ...by, detail: { reconcile: batch } });
    onRow((done += 1));
    if (kind === 'lead_id_taken') report.leadIdTaken += 1;
    else if (kind !== 'resolved') report.passedOver += 1;
    return kind === 'resolved';
  };
  for (const { row, leadId, idLanding } of proposal.registered) {
    if (await resolve(row, { kind: 'lead_id', leadId, idLanding })) report.registered += 1;
  }
  for (const row of proposal.notCreated) if (await resolve(row, { kind: 'send_again' })) report.sentBack += 1;
  for (const { rowId, leadId } of proposal.secondLeads) await suspect(ports, rowId, { ...by, batch, leadId });
  await ports.auditLog.note({
    action: 'reconcile.done',
    actor: by.actor,
    reason: by.reason,
    detail: {
      reconcile: batch,
      asOf: by.asOf.toISOString(),
      lines: proposal.lines,
      stays: proposal.stays.length,
      secondLeads: proposal.secondLeads.length,
      ...report,
    },
  });
  return report;
}

/** Written down on the row, which stays as it is: it is registered, and the insurer seems to have it twice. */
async function suspect(
  { ledger }: Pick<Ports, 'ledger'>,
  rowId: string,
  by: { readonly actor: string; readonly reason: string; readonly batch: string; readonly leadId: string },
): Promise<void> {
  const row = await ledger.row(rowId);
  if (row === null) return;
  await ledger.move({
    rowId,
    from: [row.state],
    fence: row.fence,
    version: row.version,
    to: null,
    audit: {
      action: 'lead.duplicate_suspected',
      actor: by.actor,
      code: 'API_LEAD_ID_LATE',
      reason: by.reason,
      detail: { reconcile: by.batch, leadId: by.leadId },
    },
  });
}
